// `node healthy.mjs URL`: exit code 0 when the address answers 2xx within three seconds. The health check of containers, which have
// no curl. Plain JavaScript without imports: every image carries it.
const [url] = process.argv.slice(2);
const answer = await fetch(url, { signal: AbortSignal.timeout(3_000), redirect: 'manual' }).catch((error) => ({ ok: false, status: error.cause?.code ?? error.name }));
if (!answer.ok) console.error(`${url} answered ${answer.status}`);
process.exit(answer.ok ? 0 : 1);
