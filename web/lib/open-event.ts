/** Opens the palette or the list of keys from a button, wherever their listener is. */
export const OPEN_EVENT = 'awp:open';
export const openPalette = (): boolean => window.dispatchEvent(new CustomEvent(OPEN_EVENT, { detail: 'palette' }));
export const openKeys = (): boolean => window.dispatchEvent(new CustomEvent(OPEN_EVENT, { detail: 'keys' }));
