/** What a page, a model or a person may name so that a worker comes to where it must not: every spelling of loopback, private
 * networks, metadata services, other protocols, ports and names. @param port  of a canary on 127.0.0.1 */
export const HOSTILE: readonly ((port: string) => string)[] = [
  (p) => `http://127.0.0.1:${p}/`, () => 'http://127.0.0.1/', (p) => `http://localhost:${p}/`, () => 'http://localhost/', () => 'http://LOCALHOST./', () => 'http://sub.localhost/', () => 'http://127.1/', () => 'http://127.0.1/',
  () => 'http://2130706433/', () => 'http://0x7f000001/', () => 'http://0x7f.0.0.1/', () => 'http://0177.0.0.1/', () => 'http://017700000001/', () => 'http://0/', () => 'http://0.0.0.0/', () => 'http://[::1]/', () => 'http://[::]/',
  () => 'http://[::ffff:127.0.0.1]/', () => 'http://[::ffff:7f00:1]/', () => 'http://[::127.0.0.1]/', () => 'http://[0:0:0:0:0:0:0:1]/', () => 'http://[64:ff9b::7f00:1]/', () => 'http://[2002:7f00:1::]/', () => 'http://[fe80::1]/', () => 'http://[fd00:ec2::254]/',
  () => 'http://169.254.169.254/latest/meta-data/', () => 'http://168.63.129.16/', () => 'http://10.0.0.1/', () => 'http://192.168.0.1/', () => 'http://172.16.0.1/', () => 'http://100.100.100.200/', () => 'http://metadata.google.internal/',
  () => 'http://①②⑦.⓪.⓪.①/', () => 'http://127。0。0。1/', () => 'http://127.0.0.1%2f@example.org/', (p) => `http://example.org@127.0.0.1:${p}/`, (p) => `http://user:pass@127.0.0.1:${p}/`, (p) => `http://127.0.0.1:${p}#@example.org/`, (p) => `http:\\\\127.0.0.1:${p}\\`,
  (p) => `http:127.0.0.1:${p}`, (p) => `http:/127.0.0.1:${p}/`, (p) => `http://exa\tmple.org@127.0.0.1:${p}/`, (p) => `//127.0.0.1:${p}/`, (p) => `https://127.0.0.1:${p}/`, () => 'file:///etc/passwd', () => 'gopher://127.0.0.1/', () => 'ftp://127.0.0.1/', () => 'data:text/plain,hi', () => 'javascript:alert(1)',
  () => 'http://example.org:22/', () => 'http://example.org:8080/', () => 'http://intranet/', () => 'http://printer.local/', () => 'http://127.0.0.1.nip.io/', () => 'http://rebind.example.org/',
];
