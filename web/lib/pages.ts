import type { Permission } from '#contracts/permissions';

/** Every page that stands in a menu: header, account menu and palette read this list. What is not offered is refused by the API as well. */
export interface PageEntry { href: string; label: string; words: string; place: 'header' | 'account'; needs?: Permission }

export const PAGES: readonly PageEntry[] = [
  { href: '/', label: 'Home', words: 'drafts, waiting, running, spent', place: 'header' },
  { href: '/workflows', label: 'Catalog', words: 'all workflows', place: 'header' },
  { href: '/runs', label: 'Runs', words: 'history, search, compare', place: 'header' },
  { href: '/approvals', label: 'Approvals', words: 'what waits for you', place: 'header' },
  { href: '/knowledge', label: 'Knowledge', words: 'skills that runs cite', place: 'header' },
  { href: '/providers', label: 'Providers', words: 'keys, tests, default', place: 'header' },
  { href: '/help', label: 'Help', words: 'words, signs, keys', place: 'header' },
  { href: '/account', label: 'Account', words: 'password, tokens, preferences', place: 'account' },
  { href: '/webhooks', label: 'Webhooks', words: 'tell a server of yours', place: 'account', needs: 'webhook:read' },
  { href: '/my-workflows', label: 'My workflows', words: 'write, publish, versions, import', place: 'account', needs: 'workflow:write' },
  { href: '/usage', label: 'Usage and budgets', words: 'what was spent, what is left', place: 'account', needs: 'usage:read' },
  { href: '/users', label: 'Users', words: 'invite, roles', place: 'account', needs: 'users:manage' },
  { href: '/policy', label: 'Run policy', words: 'who may run what', place: 'account', needs: 'settings:manage' },
  { href: '/operations', label: 'Operations', words: 'workers, queues, health', place: 'account', needs: 'settings:manage' },
  { href: '/audit', label: 'Audit log', words: 'who did what', place: 'account', needs: 'audit:read' },
];

export const pagesFor = (permissions: readonly string[], place?: PageEntry['place']): PageEntry[] => PAGES.filter((page) => (!place || page.place === place) && (!page.needs || permissions.includes(page.needs)));

/** Home is at its own address only; every other page is current for what lies below it as well. */
export const isHere = (href: string, path: string): boolean => (href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`));

/** The page at this address, when this person's role does not have it. */
export const pageRefused = (path: string, permissions: readonly string[]): PageEntry | null => PAGES.find(({ href, needs }) => needs !== undefined && isHere(href, path) && !permissions.includes(needs)) ?? null;
