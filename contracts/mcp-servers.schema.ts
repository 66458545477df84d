import { z } from 'zod';
import { RISK_CLASSES } from './tool-policy.ts';

/** MCP servers that an admin configured; nobody else can add one, and none is a command to run. */
const McpServer = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** sent with each request, for example an authorization */
  headers: z.record(z.string().regex(/^[\w-]{1,100}$/), z.string().max(4_000)).default({}),
  /** the tools that may be used; others of the server do not exist for us */
  tools: z.array(z.string().regex(/^[\w.-]{1,100}$/)).min(1).max(50),
  /** what its tools can do at worst */
  risk: z.enum(RISK_CLASSES).default('act'),
});
export const McpServers = z.record(z.string().regex(/^[a-z0-9](?:-?[a-z0-9])*$/, 'a server name is made of small letters, digits and single -').max(30), McpServer);
export type McpServerConfig = z.infer<typeof McpServer>;
export type McpServersConfig = z.infer<typeof McpServers>;
