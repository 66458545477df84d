import { delimiter, join } from 'node:path';
import { binFolder } from './paths.ts';

export interface StackAddresses {
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  temporalUiUrl: string | undefined;
  demoBaseUrl: string;
  apiHost: string;
  apiPort: number;
  webPort: number;
}

export interface StackSecrets {
  masterKey: string;
  signInToken: string;
  /** null: AWP_BOOTSTRAP_API_KEY is set, or this is production */
  commandLineToken: string | null;
}

/** By shape, and those that carry one inside: what OpenID services and MCP servers are signed in to with. */
const SECRET_NAMES = /_API_KEY$|_TOKEN$|_SECRET$|_SECRET_ID$|_PASSWORD$|_MASTER_KEYS?$|^DATABASE_URL$|^AWP_OIDC_PROVIDERS$|^AWP_MCP_SERVERS$|^AWS_|^S3_/;

/** What a process that needs no secret is started with: web pages, PostgreSQL, Temporal, the demo provider. */
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET_NAMES.test(name) && name !== 'NODE_CHANNEL_FD'));
}

export function webOrigin(env: NodeJS.ProcessEnv, webPort: number): string {
  return env['WEB_ORIGIN'] || `http://localhost:${webPort}`;
}

export function apiOrigin(env: NodeJS.ProcessEnv, addresses: Pick<StackAddresses, 'apiHost' | 'apiPort'>): string {
  const host = ['0.0.0.0', '::'].includes(addresses.apiHost) ? '127.0.0.1' : addresses.apiHost;
  return env['API_ORIGIN'] || `http://${host}:${addresses.apiPort}`;
}

const payloadEncryption = (env: NodeJS.ProcessEnv): string => env['AWP_PAYLOAD_ENCRYPTION'] || (env['AWP_ENV'] === 'production' ? 'required' : 'off');

/** Where Temporal Web asks for words while payloads are encrypted: the web's own origin, where the person's cookie is. */
export function codecEndpoint(env: NodeJS.ProcessEnv, webPort: number): string | undefined {
  return payloadEncryption(env) === 'off' ? undefined : `${webOrigin(env, webPort)}/api/v1/codec`;
}

/** Environment of api and worker: all that the person set, and the addresses of this stack. */
export function trustedEnvironment(env: NodeJS.ProcessEnv, home: string, addresses: StackAddresses, secrets: StackSecrets): NodeJS.ProcessEnv {
  return {
    ...env,
    ...commonEnvironment(env, home, addresses),
    DATABASE_URL: addresses.databaseUrl,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    TEMPORAL_NAMESPACE: addresses.temporalNamespace,
    ...(addresses.temporalUiUrl === undefined ? {} : { TEMPORAL_UI_URL: addresses.temporalUiUrl }),
    DEMO_BASE_URL: addresses.demoBaseUrl,
    ...(env['AWP_MASTER_KEY_FILE'] && !env['AWP_MASTER_KEY'] ? {} : { AWP_MASTER_KEY: env['AWP_MASTER_KEY'] || secrets.masterKey }),
    AWP_SIGN_IN_TOKEN: secrets.signInToken,
    // Temporal Web of this machine is to be read; whoever reads its file can read keys.json beside it as well.
    AWP_PAYLOAD_ENCRYPTION: payloadEncryption(env),
    ARTIFACTS_URL: env['ARTIFACTS_URL'] || `file:${join(home, 'artifacts')}`,
  };
}

/** Environment of the web process: where the API is, and no secret. */
export function webEnvironment(env: NodeJS.ProcessEnv, home: string, addresses: StackAddresses): NodeJS.ProcessEnv {
  return { ...withoutSecrets(env), ...commonEnvironment(env, home, addresses), NEXT_TELEMETRY_DISABLED: '1' };
}

function commonEnvironment(env: NodeJS.ProcessEnv, home: string, addresses: StackAddresses): NodeJS.ProcessEnv {
  return {
    NODE_ENV: env['NODE_ENV'] || 'production',
    PATH: `${binFolder}${delimiter}${env['PATH'] ?? ''}`,
    AWP_HOME: home,
    AWP_ENV: env['AWP_ENV'] || 'local',
    API_HOST: addresses.apiHost,
    API_PORT: String(addresses.apiPort),
    WEB_PORT: String(addresses.webPort),
    API_ORIGIN: apiOrigin(env, addresses),
    WEB_ORIGIN: webOrigin(env, addresses.webPort),
  };
}
