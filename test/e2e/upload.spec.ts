import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { expectNothingSideways, RunPage, seriousFaults } from './support/pages.ts';

const PLANTS = ['Lyon', 'Turin', 'Graz'];
const ROWS = Array.from({ length: 90 }, (_, index) => ({ plant: PLANTS[index % 3] as string, scrapped: (index * 37) % 101 }));
const TOTAL = ROWS.reduce((sum, row) => sum + row.scrapped, 0);
const CSV = `plant,scrapped\n${ROWS.map((row) => `${row.plant},${row.scrapped}`).join('\n')}\n`;
const csv = (name = 'scrap.csv', text = CSV) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

async function open(page: Page, slug: string, query = ''): Promise<void> {
  await page.goto(`/workflows/${slug}${query}`);
  await expect(page.getByRole('button', { name: /^Start Test$/ })).toBeVisible();
}
const field = (page: Page) => page.locator('[data-slot="field"]').filter({ has: page.locator('#input_data_file') });
const file = (page: Page) => page.locator('#input_data_file');
const start = (page: Page) => page.getByRole('button', { name: /^Start Test$/ });

test('a CSV is uploaded into Ask my data, and the finished run shows its figures', async ({ page }) => {
  await open(page, 'ask_my_data');
  await page.getByRole('textbox', { name: 'Question' }).fill('How much was scrapped in all plants?');
  // By keyboard: the field is reached by Tab and opens the file dialog.
  await file(page).focus();
  const dialog = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await dialog).setFiles(csv());
  await expect(field(page).getByRole('listitem').filter({ hasText: 'scrap.csv' })).toContainText('CSV ·');
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('tab', { name: /^Calculation/ }).click();
  // The columns of the file are offered; another name is told, and not started with.
  const column = page.getByRole('combobox', { name: 'Column to calculate with' });
  await column.fill('waste');
  await expect(page.getByText('The table has no column waste.')).toBeVisible();
  await start(page).click();
  await expect(page.locator('#input_measure_column__error')).toContainText('It has plant, scrapped');
  await page.getByRole('list', { name: 'Columns for Column to calculate with' }).getByRole('button', { name: 'scrapped' }).click();
  await expect(column).toHaveValue('scrapped');
  await expect(page.locator('#input_measure_column__error')).toHaveCount(0);
  await page.getByLabel('Calculation', { exact: true }).click();
  await page.getByRole('option', { name: 'Sum' }).click();
  await start(page).click();
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  const run = new RunPage(page);
  await run.ended('completed');
  const id = new URL(page.url()).pathname.split('/').at(-1) as string;
  const files = (await (await page.request.get(`/api/v1/runs/${id}/artifacts`)).json()) as { id: string; file_name: string }[];
  const figures = files.find(({ file_name: name }) => name === 'figures.csv');
  expect(await (await page.request.get(`/api/v1/artifacts/${figures?.id}/download`)).text()).toContain(`,${TOTAL},${ROWS.length},true`);
  await run.tab('Artifacts').click();
  await expect(run.panel.getByText(String(TOTAL)).first()).toBeVisible();
  await run.tab('Inputs').click();
  await expect(run.panel.getByText('scrap.csv')).toBeVisible();

  // What was uploaded once can be chosen again.
  await open(page, 'dataset_contract');
  await page.getByLabel('Earlier uploads for Upload').click();
  await page.getByRole('option', { name: /^scrap\.csv/ }).first().click();
  await expect(field(page).getByRole('listitem').filter({ hasText: 'scrap.csv' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove scrap.csv' }).click();
  await expect(file(page)).toBeFocused();
});

test('what is no such file is refused in words; a file on its way shows how far it is and can be stopped', async ({ page }) => {
  await open(page, 'ask_my_data');
  await page.getByRole('textbox', { name: 'Question' }).fill('How much was scrapped in all plants?');
  await file(page).setInputFiles({ name: 'photo.csv', mimeType: 'text/csv', buffer: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]) });
  await expect(field(page).getByRole('alert')).toContainText('The content is not of a kind that can be read.');
  await file(page).setInputFiles({ name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') });
  await expect(field(page).getByRole('alert')).toContainText('PDF is not taken here; CSV, JSON, or Parquet is.');

  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => { release = resolve; });
  await page.route('**/api/v1/uploads?*', async (route) => { await held; await route.continue().catch(() => {}); });
  const data = await page.evaluateHandle((text) => { const transfer = new DataTransfer(); transfer.items.add(new File([text], 'dropped.csv')); return transfer; }, CSV);
  await field(page).locator('[data-slot="upload"] > div').dispatchEvent('drop', { dataTransfer: data });
  const row = field(page).getByRole('listitem').filter({ hasText: 'dropped.csv' });
  await expect(row.getByRole('progressbar')).toBeVisible();
  // Not without the file that was just dropped.
  await start(page).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Wait until the file has arrived' })).toBeVisible();
  await row.getByRole('button', { name: 'Cancel dropped.csv' }).click();
  await expect(row).toHaveCount(0);
  release();
  await page.unroute('**/api/v1/uploads?*');
  // Without rows and without a file the server says where one of them belongs.
  await start(page).click();
  await expect(page.getByRole('alert').filter({ hasText: 'is needed: paste rows here, or upload a file' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: 'Rows as CSV' })).toHaveAttribute('aria-invalid', 'true');
});

test('a table is edited by keyboard, takes cells of a spreadsheet, and an error stands at its row', async ({ page }) => {
  await open(page, 'compare_models', '?preset=invoices');
  const rows = page.getByRole('table', { name: /^Cases/ });
  const before = await rows.getByRole('row').count();
  await rows.getByRole('textbox', { name: `Input, row ${before - 1}` }).focus();
  await page.keyboard.press('Enter');
  await expect(rows.getByRole('textbox', { name: `Input, row ${before}` })).toBeFocused();
  await page.keyboard.type('A case of mine');
  await start(page).click();
  await expect(page.getByRole('alert').filter({ hasText: `Row ${before}, Expected answer: This is needed` })).toBeFocused();
  await expect(rows.getByRole('textbox', { name: `Expected answer, row ${before}` })).toHaveAttribute('aria-invalid', 'true');
  await rows.getByRole('textbox', { name: `Input, row ${before}` }).evaluate((cell, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, 'first\tone\nsecond\ttwo\n');
  await expect(rows.getByRole('textbox', { name: `Expected answer, row ${before + 1}` })).toHaveValue('two');
  await rows.getByRole('button', { name: `Remove row ${before + 1}` }).click();
  await expect(rows.getByRole('textbox', { name: `Input, row ${before}` })).toBeFocused();
  expect(await seriousFaults(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNothingSideways(page, 'a table on a phone');
});

test('the catalog shows a sample output, what is needed and what is typical', async ({ page }) => {
  await page.goto('/workflows');
  const card = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Sample output of Ask my data' }) });
  await expect(card).toContainText('if you like, files of yours (CSV, JSON, or Parquet)');
  // A run of the first test of this file, or none when this one runs alone.
  await expect(card.locator('[data-slot="typical"]')).toHaveText(/no runs yet|of your|your one/);
  await card.getByRole('button', { name: 'Sample output of Ask my data' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Recommended next steps' })).toBeVisible();
  await expect(dialog.locator('[data-slot="stamp"]')).toHaveText('Demo');
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/workflows$/);
});

test('a large file arrives whole, piece by piece', async ({ page }, info) => {
  const path = info.outputPath('large.csv');
  const block = Array.from({ length: 10_000 }, (_, row) => `${row},some words that make a line as long as real ones are,${row % 97}\n`).join('');
  writeFileSync(path, `id,note,amount\n${block.repeat(60)}`);
  await open(page, 'dataset_contract');
  await file(page).setInputFiles(path);
  await expect(field(page).getByRole('listitem').filter({ hasText: 'large.csv' })).toContainText(/CSV · \d\d\.\d MB/);
  const [upload] = (await (await page.request.get('/api/v1/uploads?limit=1')).json()) as { sha256: string; file_size_bytes: number }[];
  expect(upload).toMatchObject({ file_size_bytes: readFileSync(path).length, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') });
  expect(upload?.file_size_bytes).toBeGreaterThan(35_000_000);
});
