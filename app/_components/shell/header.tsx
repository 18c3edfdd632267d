import Link from 'next/link';
import { RollbackButton } from '../actions/rollback-button';
import { Palette } from '../palette/palette';
import { Account } from './account';
import { Freshness } from './freshness';
import { LanguageSwitch } from './language-switch';
import { Logo } from './logo';
import { Nav } from './nav';
import { SandboxMark } from './sandbox-mark';
import { ThemeSwitch } from './theme-switch';

/** Always on the screen, and in it the one button that must always be reachable. */
export function Header() {
  return (
    <header className="sticky top-0 z-30 border-b bg-surface">
      <div className="mx-auto flex max-w-448 items-center gap-x-3 px-3 py-2 md:px-6">
        <Link href="/" className="flex items-center gap-2 font-semibold text-lg tracking-tight">
          <Logo />
          <span className="sr-only sm:not-sr-only">Sluice</span>
        </Link>
        <Nav />
        {/* What comes with the data stands where it pushes nothing aside. */}
        <SandboxMark />
        <div className="ml-auto flex items-center gap-2">
          <span className="hidden min-w-48 justify-end xl:flex">
            <Account />
          </span>
          <Freshness />
          <span className="hidden items-center gap-1 xl:flex">
            <LanguageSwitch />
            <ThemeSwitch />
          </span>
          <span className="hidden lg:block">
            <Palette />
          </span>
          {/* On a phone a bar at the thumb, above the pages; none where it can do nothing: the news stand there. */}
          <div className="empty:hidden max-md:has-[[data-idle]]:hidden max-md:fixed max-md:inset-x-0 max-md:bottom-[calc(3rem+1px+env(safe-area-inset-bottom))] max-md:border-t max-md:bg-surface max-md:px-3 max-md:py-1.5">
            <RollbackButton />
          </div>
        </div>
      </div>
    </header>
  );
}
