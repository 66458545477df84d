'use client';
import { Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cn } from '../../lib/class-names';
import { openPalette } from '../../lib/open-event';
import { isHere, pagesFor } from '../../lib/pages';
import { useChosenInSight } from '../../lib/use-chosen-in-sight';
import { buttonStyles } from '../ui/button';
import { WaitingCount } from './waiting-count';
import { ThemeToggle } from './theme-toggle';
import { UserButton } from './user-button';

/** The logbook's spine: three ruled lines and a node. */
export function Wordmark() {
  return (
    <Link href="/" className="flex items-center gap-2.5 rounded-md font-semibold max-sm:gap-2 max-sm:text-sm">
      <svg viewBox="0 0 20 20" aria-hidden className="size-5 text-accent"><path d="M5 1v18" stroke="currentColor" strokeWidth="1.5" /><circle cx="5" cy="5" r="2.600" className="fill-canvas" stroke="currentColor" strokeWidth="1.500" /><circle cx="5" cy="14" r="2.600" fill="currentColor" /><path d="M10.500 5H19M10.500 14H19M10.500 9.500H16" className="stroke-ink" strokeWidth="1.500" /></svg>
      <span className="whitespace-nowrap sm:max-lg:sr-only">Agentic Workflow Platform</span>
    </Link>
  );
}

function Pages({ path }: { path: string }) {
  const row = useChosenInSight<HTMLElement>('[aria-current]');
  return (
    <nav ref={row} aria-label="Main" className="-mx-4 flex h-11 min-w-0 items-stretch gap-1 overflow-x-auto px-1 [scrollbar-width:none] max-sm:order-3 max-sm:w-screen max-sm:border-t sm:mx-0 sm:h-14">
      {pagesFor([], 'header').map(({ href, label }) => {
        const here = isHere(href, path);
        return <Link key={href} href={href} aria-current={here ? 'page' : undefined} className={cn('flex shrink-0 items-center gap-1.5 border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-muted outline-offset-[-3px] hover:text-ink', here && 'border-accent text-ink')}>{label}{href === '/approvals' ? <WaitingCount /> : null}</Link>;
      })}
    </nav>
  );
}

export function AppHeader({ signedIn }: { signedIn: boolean }) {
  const path = usePathname();
  return (
    <header data-slot="app-header" className="z-30 border-b bg-canvas sm:sticky sm:top-0">
      <div className="mx-auto flex max-w-[90rem] flex-wrap items-center gap-x-2 px-4 sm:h-14 sm:gap-x-6 sm:flex-nowrap sm:px-6">
        <div className="flex h-12 shrink-0 items-center"><Wordmark /></div>
        {signedIn ? <Pages path={path} /> : null}
        <div className="ml-auto flex shrink-0 items-center sm:gap-1">{signedIn ? <button type="button" onClick={openPalette} aria-label="Search and go" aria-keyshortcuts="Control+K Meta+K" title="Search and go (Ctrl or ⌘ + K)" className={buttonStyles({ variant: 'quiet', size: 'icon' })}><Search aria-hidden className="size-4" /></button> : null}<ThemeToggle />{signedIn ? <UserButton /> : null}</div>
      </div>
    </header>
  );
}
