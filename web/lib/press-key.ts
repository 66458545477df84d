import { nextRow } from './shortcuts';

/** What a key does to the page that is shown. Pages only mark their controls: `data-key="r"` for a key of the page, `data-run` for a row. */
const visible = (element: Element): element is HTMLElement => element instanceof HTMLElement && element.checkVisibility();
const shown = (selector: string): HTMLElement[] => [...document.querySelectorAll(`main ${selector}`)].filter(visible);

/** Presses the control that carries this key. @returns false when the page has none */
export function pressControl(key: string): boolean {
  const control = shown(`[data-key="${CSS.escape(key)}"]`).find((element) => !element.matches(':disabled'));
  control?.click();
  return control !== undefined;
}

export function focusSearch(): boolean {
  const field = shown('input[type="search"]')[0];
  field?.focus();
  return field !== undefined;
}

/** To the next or the previous row of the first list: its link gets the focus, so that Enter opens it. */
export function moveRow(step: 1 | -1): boolean {
  const rows = shown('[data-run] a[href^="/runs/"]');
  const goal = rows[nextRow(rows.indexOf(document.activeElement as HTMLElement), rows.length, step)];
  goal?.focus();
  goal?.scrollIntoView({ block: 'nearest' });
  return goal !== undefined;
}

/** Ticks the row that has the focus. */
export function chooseRow(): boolean {
  const box = document.activeElement?.closest('[data-run]')?.querySelector('[role="checkbox"]');
  if (box instanceof HTMLElement) box.click();
  return box instanceof HTMLElement;
}

/** Opens the tab beside the one that is open, in the first row of tabs. */
export function moveTab(step: 1 | -1): boolean {
  const tabs = [...(shown('[role="tablist"]')[0]?.querySelectorAll<HTMLElement>('[role="tab"]') ?? [])];
  const goal = tabs[tabs.findIndex((tab) => tab.getAttribute('aria-selected') === 'true') + step];
  goal?.click();
  goal?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  return goal !== undefined;
}
