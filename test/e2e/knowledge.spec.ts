import { expect, test } from '@playwright/test';
import { demoRun, RunPage, watchErrors } from './support/pages.ts';

test('the knowledge base: list, report, search, read', async ({ page }) => {
  const errors = watchErrors(page);
  await page.goto('/');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Knowledge' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Knowledge' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Tool calling and function calling' })).toBeVisible();
  const report = page.locator('[data-slot="panel"]').filter({ has: page.getByRole('heading', { name: 'Index' }) });
  await expect(report).toContainText('The starter library that ships with the platform is used.');
  await expect(report).toContainText('Every file was read.');

  await page.getByRole('searchbox', { name: 'Search the knowledge base' }).fill('sample ratio mismatch');
  await expect(page).toHaveURL(/q=sample/);
  const first = page.getByRole('listitem').filter({ hasText: 'data/ab-testing#' }).first();
  await first.getByRole('link').click();
  await expect(page).toHaveURL(/\/knowledge\/data\/ab-testing#/);
  await expect(page.getByRole('heading', { level: 1, name: 'A/B tests' })).toBeVisible();
  await expect(page.getByRole('heading', { name: /sample ratio mismatch/ })).toBeInViewport();
  await expect(page.locator('dd').filter({ hasText: 'data/ab-testing/SKILL.md' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('searchbox', { name: 'Search the knowledge base' })).toHaveValue('sample ratio mismatch');
  await page.getByRole('searchbox', { name: 'Search the knowledge base' }).fill('zebra quagga xylophone');
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  expect(errors).toEqual([]);

  await page.goto('/knowledge/no/such-skill');
  await expect(page.locator('[data-slot="problem"]')).toContainText('There is nothing here');
});

test('a run tells what it may use, and its sources lead to the skill', async ({ page }) => {
  const id = await demoRun(page);
  const run = new RunPage(page);
  await run.open(id, 'inputs');
  const receipts = run.panel.locator('[data-slot="panel"]').filter({ has: page.getByRole('heading', { name: 'Tools and receipts' }) });
  await expect(receipts).toContainText('Library search');
  await expect(receipts).toContainText('Reading is allowed by default.');
  await expect(receipts).toContainText(/\d+ calls?, \d+ sources? brought in/);
  await run.open(id);
  await run.story();
  const call = run.panel.locator('details').filter({ hasText: 'Library search' }).first();
  await call.locator('summary').click();
  await call.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/knowledge\/agents\//);
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible();
});
