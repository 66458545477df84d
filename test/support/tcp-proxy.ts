import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire between a client and a server that a test can cut and mend: what a restarted database looks like from outside. */
export interface TcpProxy { port: number; cut(): Promise<void>; mend(): Promise<void> }

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    for (const [one, other] of [[client, upstream], [upstream, client]] as const) {
      open.add(one);
      one.on('error', () => {}).on('close', () => { open.delete(one); other.destroy(); }).pipe(other);
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async cut() {
      const closed = new Promise<void>((resolve) => { server.close(() => resolve()); });
      for (const socket of open) socket.destroy();
      await closed;
    },
    mend: () => listen(port),
  };
}
