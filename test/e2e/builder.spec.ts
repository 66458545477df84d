import { expect, test } from '@playwright/test';
import { add, drag, fillEachType, form, kept, newWorkflow, paletteItem, row, steps } from './support/builder.ts';
import { apiRun, colleague, withKeys } from './support/people.ts';
import { seriousFaults, watchErrors } from './support/pages.ts';

/** The builder of written workflows: every step type, by keyboard and by mouse, checked, kept, saved, tried and run. */
test('a workflow with every step type is built, checked, kept, saved as a version, tried and run', async ({ page }) => {
  const errors = watchErrors(page);
  await newWorkflow(page, 'Built by hand');

  // By keyboard: to the last step, a new one after it, into its form, back, up, copied, deleted, undone.
  await page.getByRole('tab', { name: 'List' }).click();
  await row(page, 'Write').focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/view=list.*step=write|step=write.*view=list/);
  await row(page, 'Write').focus();
  await page.keyboard.press('Insert');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Home');
  await expect(page.getByRole('menuitem', { name: /^Ask a model/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(row(page, 'Ask a model')).toBeFocused();
  await expect(form(page).getByText('must not be empty')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(form(page).getByLabel('Prompt', { exact: true })).toBeFocused();
  await page.keyboard.type('Say more on {{text}} and {{nobody}}.');
  await expect(form(page).getByText(/names nobody/)).toBeVisible();
  await form(page).getByRole('button', { name: 'Preview of Prompt' }).click();
  await expect(form(page).locator('[data-slot="preview"]')).toHaveText('Say more on ‹text› and ‹nobody›.');
  await form(page).getByLabel('Prompt', { exact: true }).fill('Say more on {{text}}.');
  await form(page).getByLabel('Prompt', { exact: true }).press('Escape');
  await expect(row(page, 'Ask a model')).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(steps(page).getByRole('button').last()).toHaveText(/^Ask a model/);
  await page.keyboard.press('Control+d');
  await expect(steps(page).getByRole('button', { name: /^Ask a model/ })).toHaveCount(2);
  await page.keyboard.press('Delete');
  await expect(steps(page).getByRole('button', { name: /^Ask a model/ })).toHaveCount(1);
  await expect(row(page, 'Ask a model')).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(steps(page).getByRole('button', { name: /^Ask a model/ })).toHaveCount(2);
  await page.keyboard.press('Control+Shift+Z');
  await expect(steps(page).getByRole('button', { name: /^Ask a model/ })).toHaveCount(1);

  // A new branch from the row of types is dropped after the first step, a step into its empty arm; undo and redo know it.
  await drag(page, paletteItem(page, 'Branch'), row(page, 'Write'));
  await expect(page.getByRole('list', { name: 'Problems' })).toBeVisible();
  await drag(page, row(page, 'Ask a model'), steps(page).getByText('No steps.'));
  const names = async (): Promise<string> => (await steps(page).getByRole('button').allInnerTexts()).map((text) => text.split('\n')[0]).join(' · ');
  const inArm = 'Form, files and policy · Write · Branch · When it holds · Ask a model · Check';
  expect(await names()).toBe(inArm);
  await expect(form(page)).toHaveAccessibleName('Form of Ask a model');
  await page.keyboard.press('Control+z');
  await expect(steps(page).getByText('No steps.')).toBeVisible();
  await page.keyboard.press('Control+Shift+Z');
  await expect(steps(page).getByText('No steps.')).toHaveCount(0);
  // The same by keys: M, arrows from place to place, Enter; Escape leaves it where it was.
  await row(page, 'Ask a model').focus();
  await page.keyboard.press('m');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText('Ask a model: after When it holds, in "When it holds" of Branch.')).toBeVisible();
  await page.keyboard.press('Escape');
  expect(await names()).toBe(inArm);
  await page.keyboard.press('m');
  for (let presses = 0; presses < 2; presses += 1) await page.keyboard.press('ArrowDown');
  await expect(page.getByText('Ask a model: after Check, at the top.')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(row(page, 'Ask a model')).toBeFocused();
  expect(await names()).toBe('Form, files and policy · Write · Branch · When it holds · Check · Ask a model');

  // By mouse: the other types, each with what it needs.
  await row(page, 'Ask a model').click();
  for (const type of ['Let an agent work', 'Use a tool', 'Transform', 'Check', 'Side by side', 'For each', 'Wait for a yes', 'Ask the person', 'Write a file', 'Run a workflow']) await add(page, type);
  await fillEachType(page);
  await expect(page.getByText('Everything holds')).toBeVisible();
  await expect(page.locator('[data-slot="estimate"]')).toContainText(/at most \d+ model calls/);
  await kept(page);
  expect(await seriousFaults(page)).toEqual([]);

  // What is kept is there after a reload; the canvas shows it; the text has its keys in order.
  await page.reload();
  await page.getByRole('tab', { name: 'Canvas' }).click();
  await expect(page.locator('[data-slot="step-canvas"]').getByRole('button', { name: /^For each item/ })).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Text' }).click();
  await expect(page.getByLabel('Steps and form, as YAML')).toHaveValue(/^format: 1\nslug: built_by_hand\nname: Built by hand\n[\s\S]*- type: prompt\n {4}key: write\n {4}title: Write\n/);
  await page.getByLabel('What changed').fill('All types');
  await page.getByRole('button', { name: 'Save as version 2' }).click();
  await expect(page.getByRole('button', { name: 'Save as version 3' })).toBeVisible();
  await page.getByRole('button', { name: 'What changed in version 2' }).click();
  await expect(page.getByText('#/steps/agent', { exact: true })).toBeVisible();
  // Any two versions, by the address as well.
  const compared = page.getByRole('region', { name: /^Version \d+ against version/ });
  await compared.getByLabel('To version').click();
  await page.getByRole('option', { name: 'Version 1' }).click();
  await expect(compared.getByText('Nothing: both hold the same.')).toBeVisible();
  await expect(page).toHaveURL(/from=1&to=1|to=1&from=1/);
  await compared.getByRole('button', { name: 'Close the comparison' }).click();
  await expect(compared).toHaveCount(0);

  // One step on a sample, and the whole as a Test.
  await page.getByRole('tab', { name: 'List' }).click();
  await row(page, 'Write').click();
  await form(page).getByText('Run this step on a sample').click();
  await form(page).getByLabel(/^topic/).fill('agents that call tools');
  await form(page).getByLabel('Provider of the trial').click();
  await page.getByRole('option', { name: 'demo' }).click();
  await form(page).getByRole('button', { name: 'Run this step' }).click();
  await expect(form(page).locator('pre')).toContainText('DEMO');
  await apiRun(page.request, { workflow_id: 'built_by_hand', channel: 'draft', provider: 'demo', inputs: { topic: 'agents that call tools' } });
  expect(errors).toEqual([]);
});

test('two people at one draft: the second is told, sees the difference and chooses', async ({ page }) => {
  const origin = { origin: process.env['E2E_WEB_URL'] ?? '' };
  const made = await page.request.post('/api/v1/workflows', { headers: origin, data: { workflow_id: 'shared_draft', name: 'Shared draft', persona: 'student', definition: { steps: [{ type: 'prompt', key: 'a', title: 'First', prompt: 'Hello' }] } } });
  expect(made.status(), await made.text()).toBe(201);
  await page.goto('/my-workflows?workflow=shared_draft&view=list&step=a');
  await expect(form(page).getByLabel('Prompt', { exact: true })).toHaveValue('Hello');
  // The other window, by the browser's own connections: one that was kept for a request of the test's may be closed by now.
  expect(await page.evaluate<number>(`(async () => {
    const address = '/api/v1/workflows/shared_draft/working-copy';
    const copy = await fetch(address);
    const { definition } = await copy.json();
    const put = await fetch(address, { method: 'PUT', headers: { 'content-type': 'application/json', 'if-match': copy.headers.get('etag') }, body: JSON.stringify({ definition: { ...definition, description: 'Of the other window' } }) });
    return put.status;
  })()`)).toBe(200);
  await form(page).getByLabel('Prompt', { exact: true }).fill('Hello from here');
  const conflict = page.getByRole('alert', { name: 'Two people edit this draft' });
  await expect(conflict).toContainText('#/description theirs: "Of the other window"');
  await conflict.getByRole('button', { name: 'Load the newer one' }).click();
  await expect(form(page).getByLabel('Prompt', { exact: true })).toHaveValue('Hello');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(form(page).getByLabel('Prompt', { exact: true })).toHaveValue('Hello from here');
  await kept(page);
  // The way here for somebody who looks around, and what the list tells and offers.
  await page.goto('/');
  await page.getByRole('link', { name: 'Write your own' }).click();
  const entry = page.locator('[data-workflow="shared_draft"]');
  await expect(entry).toContainText(/changed (just now|\d+ (s|min) ago)/);
  await expect(entry.getByRole('link', { name: 'Run Shared draft' })).toHaveAttribute('href', '/workflows/shared_draft');
  await entry.getByRole('button', { name: 'Edit Shared draft' }).click();
  await expect(page).toHaveURL(/workflow=shared_draft/);
  await page.goto('/workflows');
  await expect(page.getByRole('link', { name: 'Write your own' })).toHaveAttribute('href', '/my-workflows');
});

test('a SKILL.md becomes a draft with every guess marked; a model refines it, and undo brings the import back', async ({ browser }) => {
  const context = await colleague(browser);
  await withKeys(context.request, 'openai');
  const page = await context.newPage();
  await page.goto('/my-workflows');
  await page.getByRole('button', { name: 'New workflow' }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Sorted tickets');
  await page.getByRole('dialog').getByLabel('Or a file').setInputFiles({ name: 'SKILL.md', mimeType: 'text/markdown', buffer: Buffer.from('---\nname: Triage\ndescription: Sort tickets\n---\n# Triage\n\n## Sort\n\nPut each ticket into a class.\n\n## Answer\n\nWrite an answer to each.\n') });
  await page.getByRole('button', { name: 'Make it' }).click();
  await expect(page).toHaveURL(/workflow=sorted_tickets/);
  const guesses = page.getByText(/guess(es)? of the import to look at/);
  await guesses.click();
  const notes = page.locator('[data-slot="review"] li');
  const before = await notes.count();
  expect(before).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Refine with openai' }).click();
  await expect(page.getByText('The draft is refined')).toBeVisible({ timeout: 60_000 });
  expect(await notes.count()).toBeGreaterThanOrEqual(before);
  await expect(page.getByText('Everything holds')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(notes).toHaveCount(before);
  await notes.first().getByRole('button', { name: /^Looked at/ }).click();
  await expect(notes).toHaveCount(before - 1);
  // What was edited is given up, and then the workflow itself.
  await kept(page);
  await page.getByRole('button', { name: 'Back to version 1' }).click();
  await guesses.click();
  await expect(notes).toHaveCount(before);
  await page.getByRole('button', { name: 'Delete this workflow' }).click();
  await page.getByRole('dialog', { name: /^Delete / }).getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page).not.toHaveURL(/workflow=/);
  await expect(page.getByRole('list').getByRole('button', { name: 'Sorted tickets', exact: true })).toHaveCount(0);
  await context.close();
});
