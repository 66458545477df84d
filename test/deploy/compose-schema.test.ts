import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeSchema } from '#scripts/deploy/tools';
import { projectRoot } from '#scripts/launch/paths';
import { composeFile } from '../support/deploy/compose-file.ts';

const schema = async () => JSON.parse(readFileSync(await composeSchema(process.env), 'utf8')) as object;

it('docker-compose.yml is valid by the schema of the Compose specification, as written and as a person without .env gets it', async () => {
  const validator = new Validator(await schema(), '7', false);
  const written: unknown = parse(readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8'), { merge: true });
  for (const instance of [written, composeFile()]) expect(validator.validate(instance).errors).toEqual([]);
});

it('and the schema would see a mistake', async () => {
  const wrong = { services: { api: { image: 'x', helthcheck: {} } } };
  expect(new Validator(await schema(), '7').validate(wrong).valid).toBe(false);
});
