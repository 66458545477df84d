'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cn } from '../../lib/class-names';
import { ThemeToggle } from './theme-toggle';
import { UserMenu } from './user-menu';

const PAGES = [{ href: '/', label: 'Catalog', under: '/workflows' }, { href: '/runs', label: 'Runs', under: '/runs' }, { href: '/approvals', label: 'Approvals', under: '/approvals' }, { href: '/providers', label: 'Providers', under: '/providers' }, { href: '/help', label: 'Help', under: '/help' }];

/** The logbook's spine: three ruled lines and a node. */
export function Wordmark() {
  return (
    <Link href="/" className="flex items-center gap-2.5 rounded-md font-semibold">
      <svg viewBox="0 0 20 20" aria-hidden className="size-5 text-accent"><path d="M5 1v18" stroke="currentColor" strokeWidth="1.5" /><circle cx="5" cy="5" r="2.600" className="fill-canvas" stroke="currentColor" strokeWidth="1.500" /><circle cx="5" cy="14" r="2.600" fill="currentColor" /><path d="M10.500 5H19M10.500 14H19M10.500 9.500H16" className="stroke-ink" strokeWidth="1.500" /></svg>
      <span className="whitespace-nowrap">Agentic Workflow Platform</span>
    </Link>
  );
}

export function AppHeader({ signedIn }: { signedIn: boolean }) {
  const path = usePathname();
  return (
    <header data-slot="app-header" className="z-30 border-b bg-canvas sm:sticky sm:top-0">
      <div className="mx-auto flex max-w-[90rem] flex-wrap items-center gap-x-8 px-4 sm:h-14 sm:flex-nowrap sm:px-6">
        <div className="flex h-12 items-center"><Wordmark /></div>
        {signedIn ? (
          <nav aria-label="Main" className="-mx-4 flex h-11 items-stretch gap-1 overflow-x-auto px-1 max-sm:order-3 max-sm:w-screen max-sm:border-t sm:mx-0 sm:h-14">
            {PAGES.map(({ href, label, under }) => {
              const here = path === href || path.startsWith(under);
              return <Link key={href} href={href} aria-current={here ? 'page' : undefined} className={cn('flex items-center border-b-2 border-transparent px-3 font-medium text-muted outline-offset-[-3px] hover:text-ink', here && 'border-accent text-ink')}>{label}</Link>;
            })}
          </nav>
        ) : null}
        <div className="ml-auto flex items-center gap-1"><ThemeToggle />{signedIn ? <UserMenu /> : null}</div>
      </div>
    </header>
  );
}
