import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';

/** The pages as a person knows them: by role and by word, never by class. */
export const WORKFLOW = 'learn_agentic_ai';
export const GOAL = 'Build a small agent that calls tools, and understand why it sometimes fails';

export class RunnerPage {
  readonly page: Page;
  constructor(page: Page) { this.page = page; }
  async open(query = ''): Promise<void> {
    await this.page.goto(`/workflows/${WORKFLOW}${query}`);
    await expect(this.start).toBeVisible();
  }
  get goal(): Locator { return this.page.getByRole('textbox', { name: 'Learning goal' }); }
  get start(): Locator { return this.page.getByRole('button', { name: /^Start (Validate|Test|Full)$/ }); }
  tab(name: string): Locator { return this.page.getByRole('tab', { name: new RegExp(`^${name}`) }); }
  async choose(mode: 'Validate' | 'Test' | 'Full'): Promise<void> {
    await this.tab('Run mode').click();
    await this.page.getByRole('radio', { name: new RegExp(`^${mode}`) }).click();
  }
  /** Presses the start button and waits for the page of the run. @returns the run's id */
  async launch(): Promise<string> {
    await this.start.click();
    return this.arrived();
  }
  async arrived(): Promise<string> {
    await this.page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    return new URL(this.page.url()).pathname.split('/').at(-1) as string;
  }
}

export class RunPage {
  readonly page: Page;
  constructor(page: Page) { this.page = page; }
  async open(id: string, tab?: string): Promise<void> { await this.page.goto(`/runs/${id}${tab ? `?tab=${tab}` : ''}`); }
  get badge(): Locator { return this.page.locator('[data-slot="run-header"] [data-slot="badge"]'); }
  get panel(): Locator { return this.page.getByRole('tabpanel'); }
  tab(name: string): Locator { return this.page.getByRole('tab', { name: new RegExp(`^${name}`) }); }
  async ended(status: string): Promise<void> { await expect(this.badge).toHaveAttribute('data-status', status, { timeout: 120_000 }); }
  /** What the story says, once all of its text is drawn. */
  async story(): Promise<string> {
    await expect(this.panel.getByRole('heading', { name: 'Validate' })).toBeVisible();
    await expect(this.panel.locator('[data-slot="markdown-source"]')).toHaveCount(0);
    // Markdown is drawn piece by piece: read until two readings agree.
    let before = '';
    await expect.poll(async () => { const last = before; before = await this.panel.innerText(); return before === last; }).toBe(true);
    return before;
  }
}

/** A finished Test run with the demo provider. @returns its id */
export async function demoRun(page: Page): Promise<string> {
  const runner = new RunnerPage(page);
  await runner.open('?preset=first_agent');
  const id = await runner.launch();
  await new RunPage(page).ended('completed');
  return id;
}

/** Console errors and page errors from now on; a broken content security policy shows up here. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}

/** WCAG 2.1 A and AA (and 2.2 AA): everything that axe finds. @param rules  only these, where the rest was looked at before
 * @param within  only this part, where the rest was */
export async function seriousFaults(page: Page, rules?: string[], within?: string): Promise<string[]> {
  // Legacy mode asks the page itself and opens no second one for the result: right where no frame is of another origin, and three times as fast.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  if (within) axe.include(within);
  const { violations } = await (rules ? axe.withRules(rules) : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])).analyze();
  return violations.flatMap(({ id, nodes }) => {
    const found = nodes.filter((node) => id !== 'target-size' || !isCovered(node));
    return found.length > 0 ? [`${id}: ${found.map(({ target }) => target.join(' ')).join(', ')}`] : [];
  });
}

/** A bar that stays in view covers part of what lies under it until it is scrolled away: no size of a target. */
const isCovered = ({ any }: { any: { data: unknown }[] }): boolean => any.some(({ data }) => String((data as { messageKey?: string } | null)?.messageKey).startsWith('partiallyObscured'));

/** The page cannot be pushed sideways. */
export async function expectNothingSideways(page: Page, name = 'sideways'): Promise<void> {
  await expect.soft(async () => expect(await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth'), name).toBeLessThanOrEqual(0)).toPass({ timeout: 10_000 });
}
