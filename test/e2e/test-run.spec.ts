import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { GOAL, RunnerPage, RunPage, watchErrors } from './support/pages.ts';
import { cancelRun, deskRun } from './support/people.ts';

test('from the catalog to the notes: pick, Test with the demo, watch, read, reload, download', async ({ page }) => {
  const errors = watchErrors(page);
  await page.goto('/workflows');
  await page.getByRole('tab', { name: /^Student/ }).click();
  await expect(page).toHaveURL(/persona=student/);
  await page.getByRole('tabpanel').getByRole('link', { name: 'Learn Agentic AI' }).click();
  const runner = new RunnerPage(page);
  await page.getByRole('button', { name: 'My first agent in an hour' }).click();
  await expect(runner.goal).toHaveValue(GOAL);
  await expect(page.getByLabel('Provider', { exact: true })).toContainText('Demo');
  await runner.launch();

  const run = new RunPage(page);
  await expect(page.getByText('Inputs fit the form').first()).toBeVisible();
  await run.ended('completed');
  await expect(page).toHaveTitle(/^Completed: Learn Agentic AI/);
  for (const stamp of ['Test', 'Demo']) await expect(page.locator('[data-slot="run-header"]').getByText(stamp, { exact: true })).toBeVisible();
  const live = await run.story();
  const events = await run.tab('Raw events').textContent();

  await test.step('the page loaded anew says the same', async () => {
    await page.reload();
    await run.ended('completed');
    await expect.poll(() => run.story()).toBe(live);
    await expect.poll(() => run.tab('Raw events').textContent()).toBe(events);
  });

  await test.step('the notes follow the inputs and can be taken away', async () => {
    await page.getByRole('button', { name: 'Read the result' }).click();
    await expect(run.panel.getByRole('article').getByRole('heading', { level: 1 })).toContainText('Build a small agent');
    const [download] = await Promise.all([page.waitForEvent('download'), run.panel.getByRole('link', { name: 'Download' }).click()]);
    expect(download.suggestedFilename()).toBe('notes.md');
    expect(await readFile(await download.path(), 'utf8')).toContain('DEMO');
    const [zip] = await Promise.all([page.waitForEvent('download'), run.panel.getByRole('link', { name: 'All as zip' }).click()]);
    expect((await readFile(await zip.path())).subarray(0, 2).toString()).toBe('PK');
  });

  await test.step('trace, log and metadata can be looked at', async () => {
    for (const [file, words] of [['trace.json', 'resourceSpans'], ['logs.txt', 'test'], ['metadata.json', 'simulated']] as const) {
      await run.panel.getByRole('button', { name: file }).click();
      await expect(run.panel.getByLabel(file).last()).toContainText(words);
    }
    await run.tab('Inputs').click();
    await expect(run.panel.getByText(GOAL, { exact: true })).toBeVisible();
    await run.tab('Raw events').click();
    await expect(run.panel.getByText('run-end', { exact: true })).toBeVisible();
  });
  expect(errors).toEqual([]);
});

test('a stream that cannot be had is told and replaced; the run is unaffected, and goes on by asking', async ({ page, request }) => {
  // A run that waits for its person goes on for as long as the page needs.
  const id = await deskRun('asking');
  await page.route('**/stream**', (route) => route.abort());
  const run = new RunPage(page);
  await run.open(id);
  await expect(page.getByText('the run is unaffected')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Waiting for an answer' })).toBeVisible();
  await cancelRun(request, id);
  await run.ended('cancelled');
});

test('a run can be cancelled, after a question', async ({ page }) => {
  const run = new RunPage(page);
  await run.open(await deskRun('asking'));
  await page.getByRole('button', { name: 'Cancel' }).click();
  const question = page.getByRole('dialog', { name: 'Cancel this run?' });
  await expect(question).toContainText('are kept');
  await question.getByRole('button', { name: 'Cancel the run' }).click();
  await run.ended('cancelled');
  await expect(page.getByRole('link', { name: 'Change the inputs' })).toBeVisible();
});
