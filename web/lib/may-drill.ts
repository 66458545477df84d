import type { SessionWire } from './queries';

/** Where the drill is offered: on one's own machine, to who runs it. The API holds to the same. */
export const mayDrill = (session: SessionWire | undefined): boolean => session?.environment === 'local' && session.permissions.includes('settings:manage');
