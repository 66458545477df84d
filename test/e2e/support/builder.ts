import { expect, type Locator, type Page } from '@playwright/test';

/** The builder as a person knows it. */
export const steps = (page: Page): Locator => page.getByRole('group', { name: 'Steps', exact: true });
export const form = (page: Page): Locator => page.getByRole('region', { name: /^Form of / });
export const row = (page: Page, name: string): Locator => steps(page).getByRole('button', { name: new RegExp(`^${name}`) }).first();
export const kept = (page: Page): Promise<void> => expect(page.getByText('Draft is kept', { exact: true })).toBeVisible();
export const paletteItem = (page: Page, type: string): Locator => page.getByRole('toolbar', { name: 'Types of steps' }).getByRole('button', { name: type, exact: true });

export async function newWorkflow(page: Page, name: string): Promise<void> {
  await page.goto('/my-workflows');
  await page.getByRole('button', { name: 'New workflow' }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Make it' }).click();
  await expect(page).toHaveURL(new RegExp(`workflow=${name.toLowerCase().replaceAll(' ', '_')}`));
}

/** After the chosen step: by the menu, or by a press in the row of types. */
export async function add(page: Page, type: string, by: 'menu' | 'palette' = 'menu'): Promise<void> {
  if (by === 'palette') await paletteItem(page, type).click();
  else {
    await page.getByRole('button', { name: 'Add a step', exact: true }).click();
    await page.getByRole('menuitem', { name: new RegExp(`^${type}`) }).click();
  }
  await expect(form(page)).toHaveAccessibleName(`Form of ${type}`);
}

/** The same without a mouse: from the chosen step, by the first letters of the type's name. */
export async function addByKeys(page: Page, type: string): Promise<void> {
  await steps(page).locator('[aria-pressed="true"]').focus();
  await page.keyboard.press('Insert');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Home');
  const item = page.getByRole('menuitem', { name: new RegExp(`^${type}`) });
  for (let presses = 0; presses < 12 && !(await item.evaluate((element) => element === element.ownerDocument.activeElement)); presses += 1) await page.keyboard.press('ArrowDown');
  await expect(item).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(form(page)).toHaveAccessibleName(`Form of ${type}`);
  await expect(steps(page).locator('[aria-pressed="true"]')).toBeFocused();
}

export async function fill(page: Page, step: string, field: string, text: string): Promise<void> {
  await row(page, step).click();
  await form(page).getByLabel(new RegExp(`^${field}`)).first().fill(text);
}

/** What the checker wants of the steps that `newWorkflow` and one of each type leave. */
export async function fillEachType(page: Page): Promise<void> {
  await fill(page, 'Let an agent work', 'Prompt', 'Find out more on {{topic}}.');
  await row(page, 'Transform').click();
  await form(page).getByLabel(/^Operation/).click();
  await page.getByRole('option', { name: 'expression' }).click();
  await form(page).getByLabel(/^Expression/).fill("['tools', 'memory']");
  await fill(page, 'Check', 'Source', 'text');
  await fill(page, 'Branch', 'Condition', 'size(text) > 1');
  for (const name of ['When it holds', 'One side', 'The other side']) await fill(page, name, 'Prompt', `${name}: {{topic}}`);
  await fill(page, 'For each item', 'Prompt', 'About {{item}}');
  await fill(page, 'For each', 'List', 'transform_output');
  await fill(page, 'Write a file', 'Content', '{{text}}');
  await row(page, 'Run a workflow').click();
  await form(page).getByLabel('Workflow', { exact: true }).click();
  await page.getByRole('option', { name: 'haiku' }).click();
  await form(page).getByLabel(/^Inputs/).fill('topic: "{{topic}}"');
}

const boxOf = async (what: Locator): Promise<{ x: number; y: number; width: number; height: number }> => {
  const box = await what.boundingBox();
  if (!box) throw new Error('What is dragged, or where to, is not in sight.');
  return box;
};

/** Pulls the canvas by its empty ground until something of it stands in the middle. */
export async function panTo(page: Page, what: Locator): Promise<void> {
  const canvas = steps(page).locator('[data-slot="step-canvas"]');
  await canvas.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await expect(async () => {
    const [{ x, y, height }, box] = [await boxOf(canvas), await boxOf(what)];
    const off = y + height / 2 - (box.y + box.height / 2);
    if (Math.abs(off) < height / 4) return;
    const from = off < 0 ? y + height - 30 : y + 30;
    await page.mouse.move(x + 12, from);
    await page.mouse.down();
    await page.mouse.move(x + 12, from + Math.sign(off) * Math.min(Math.abs(off), height - 60), { steps: 4 });
    await page.mouse.up();
    expect(Math.abs(off)).toBeLessThan(height / 4);
  }).toPass();
}

/** Takes one thing by the mouse and lets it go over another; both fit into one window. */
export async function drag(page: Page, from: Locator, to: Locator, half: 'upper' | 'lower' = 'lower'): Promise<void> {
  const middle = ((await boxOf(from)).y + (await boxOf(to)).y) / 2;
  await page.evaluate<void>(`window.scrollBy(0, ${middle} - window.innerHeight / 2)`);
  // The target is looked for once the drag is under way: the line of words below the steps changes with it.
  await expect(page.locator('[data-valid]')).toBeVisible();
  const move = async (what: Locator, part: number): Promise<void> => {
    const box = await boxOf(what);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * part, { steps: 4 });
  };
  await move(from, 0.5);
  await page.mouse.down();
  await move(to, half === 'upper' ? 0.25 : 0.75);
  await expect(page.getByText('Let go to put it there')).toBeVisible();
  await expect(async () => {
    await move(to, half === 'upper' ? 0.2 : 0.8);
    await expect(page.getByText('Let go to put it there')).not.toContainText('nowhere yet', { timeout: 500 });
  }).toPass();
  await page.mouse.up();
  await expect(page.getByText('Let go to put it there')).toHaveCount(0);
}
