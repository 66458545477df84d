import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { goTool } from '#scripts/deploy/tools';
import { anyFreePort } from '#scripts/launch/ports';

/** A real S3 server (versitygw, on a folder) with one bucket; it checks every signature. */
export interface S3Server { endpoint: string; bucket: string; /** what our processes are given */ environment: Record<string, string>; stop(): Promise<void> }

export async function startS3Server(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'awp-s3-'));
  for (const name of ['data', 'meta']) mkdirSync(join(folder, name));
  const port = await anyFreePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const [accessKeyId, secretAccessKey] = ['awp-test', 'awp-test-secret-0123456789'];
  const server = spawn(await goTool('versitygw', process.env), ['--quiet', '--port', `127.0.0.1:${port}`, '--access', accessKeyId, '--secret', secretAccessKey, 'posix', '--sidecar', join(folder, 'meta'), join(folder, 'data')], { stdio: 'ignore' });
  const gone = once(server, 'exit');
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  for (let left = 100; ; left -= 1) {
    try {
      await client.send(new CreateBucketCommand({ Bucket: 'awp' }));
      break;
    } catch (error) {
      if (left === 0 || server.exitCode !== null) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }
  client.destroy();
  return {
    endpoint, bucket: 'awp', environment: { S3_ENDPOINT: endpoint, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey },
    async stop() {
      server.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
