/** Pages, proxy and instrumentation are bundles of their own in one process: what one of them says, the others read here. */
const FLAG = Symbol.for('awp.web.draining');
const shared = globalThis as { [FLAG]?: boolean };

export const isDraining = (): boolean => shared[FLAG] === true;
export function setDraining(): void { shared[FLAG] = true; }
