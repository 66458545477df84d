/** Addresses that another process serves (web/proxy.ts forwards them): plain links, never the client router's. */
export const API_DOCS = '/docs';
export const OPENAPI_DOCUMENT = '/openapi.json';
export const API_HEALTH = '/health';
export const API_READY = '/ready';
/** A full load of the first page, for when the router itself may be broken. */
export const HOME = '/';
