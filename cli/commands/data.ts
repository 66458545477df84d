import type { Command } from 'commander';
import type { UserWire } from '#contracts/api/accounts.schema';
import { leaf, type CommonOptions, type Host } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { saveStream } from '../save-stream.ts';

interface ExportOptions extends CommonOptions { output?: string; force?: boolean }
interface EraseOptions extends CommonOptions { confirm?: string }

/** What is kept about a person: theirs to take along, an administrator's to erase. */
export function addData(host: Host, program: Command): void {
  const data = program.command('data').description('What is kept about a person');
  leaf<ExportOptions>(host, data.command('export').description('All that is kept about me, as JSON lines; no key is in it').option('-o, --output <file>', 'where to', 'my-data.ndjson').option('--force', 'over a file that is there'), ['awp data export', 'awp data export -o me.ndjson'], async ({ client, output, interrupted }, _, options) => {
    const file = options.output ?? 'my-data.ndjson';
    await saveStream(file, options.force === true, () => client.send('GET', '/api/v1/account/export', { unbounded: true, signal: interrupted }));
    if (output.json) output.document({ file });
    else output.data(file);
  });
  leaf<EraseOptions>(host, data.command('erase').argument('<email>', 'whose').description('Erase a person and all that is theirs, for good (administrators)').option('--confirm <email>', 'the address once more'), ['awp data erase ann@example.org --confirm ann@example.org'], async ({ client, output }, [email], options) => {
    if (options.confirm !== email) throw new CliError('Runs, files, keys and the account would go for good; nothing was erased.', `Say it once more: --confirm ${email ?? ''}`, EXIT.usage);
    const user = (await client.getAll<UserWire>('/api/v1/users')).find((one) => one.email === email);
    if (!user) throw new CliError(`There is nobody with the address ${email}.`, 'The page Users lists everybody.', EXIT.failed);
    await client.send('DELETE', `/api/v1/users/${user.id}`);
    if (output.json) output.document({ erased: user.id });
    output.say(`${user.name} is erased. The audit log knows the person by a number alone.`);
  });
}
