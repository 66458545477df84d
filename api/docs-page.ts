import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { apiReference } from '@scalar/express-api-reference';
import express, { type RequestHandler, type Router } from 'express';

/** The docs page with our own copy of its script: nothing is loaded from elsewhere and requests go straight to this API. */
export function docsPage(): Router {
  const router = express.Router();
  const assets = path.join(path.dirname(createRequire(import.meta.url).resolve('@scalar/api-reference')), 'browser');
  router.use('/assets', express.static(assets, { index: false, dotfiles: 'deny', redirect: false, immutable: true, maxAge: '1d', fallthrough: true, setHeaders: (res) => { res.setHeader('Cache-Control', 'public, max-age=86400'); } }));
  router.get('/', (req, res, next) => {
    const nonce = randomBytes(16).toString('base64');
    res.set('Content-Security-Policy', [
      "default-src 'none'", `script-src 'self' 'nonce-${nonce}'`, "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'", "worker-src 'self' blob:",
      "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "object-src 'none'",
    ].join('; '));
    // `bundle` takes the module build, which loads only the parts a page needs, from our own address.
    const page = apiReference({
      url: '/openapi.json', pageTitle: 'Agentic Workflow Platform API', bundle: '/docs/assets/standalone.esm.js', nonce, withDefaultFonts: false, proxyUrl: '', telemetry: false, hideClientButton: true,
      showDeveloperTools: 'never', agent: { disabled: true }, mcp: { disabled: true }, persistAuth: false, defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
    }) as unknown as RequestHandler;
    void page(req, res, next);
  });
  return router;
}
