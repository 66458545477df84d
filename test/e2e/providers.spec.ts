import { expect, test, type Page } from '@playwright/test';
import { GOAL, RunnerPage, RunPage, seriousFaults } from './support/pages.ts';

test('a bad key is refused with words, never shown again, and can be removed', async ({ page }) => {
  const key = 'sk-e2e-this-key-is-not-real-9f3c';
  await page.goto('/providers');
  const card = page.locator('[data-provider="groq"]');
  await card.getByRole('button', { name: 'Add key' }).click();
  const dialog = page.getByRole('dialog', { name: /Add a key for Groq/ });
  const field = dialog.getByLabel('API key');
  await expect(field).toHaveAttribute('type', 'password');

  await test.step('too short: said before it is sent', async () => {
    await field.fill('short');
    await dialog.getByRole('button', { name: 'Save and test' }).click();
    await expect(dialog.getByRole('alert')).toHaveText('A key has at least 10 characters.');
    await expect(field).toBeFocused();
  });
  await test.step('saved and tested: the vendor does not take it', async () => {
    await field.fill(key);
    await dialog.getByRole('button', { name: 'Save and test' }).click();
    await expect(dialog).toBeHidden({ timeout: 60_000 });
    await expect(card.getByText('The last test failed')).toBeVisible({ timeout: 30_000 });
    await expect(card.getByText('•••• 9f3c')).toBeVisible();
    expect(await page.content()).not.toContain(key);
  });
  await test.step('its access log tells who saved and who tested it', async () => {
    await card.getByText('Access log of the key').click();
    const log = card.getByRole('group', { name: 'Access log of the key for Groq' });
    await expect(log.getByRole('listitem')).toHaveText([/^tested, failed/, /^savedby you, in the browser/]);
  });
  await test.step('removed, after a question', async () => {
    await card.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove key' }).click();
    await expect(card.getByText('No key')).toBeVisible();
  });
});

test('the demo says what it is', async ({ page }) => {
  await page.goto('/providers');
  await expect(page.locator('[data-provider="demo"]')).toContainText('not a language model');
});

test('an administrator sets who stands in when a provider is away, in order', async ({ page }) => {
  await page.goto('/providers');
  const order = page.getByRole('list', { name: 'Fallback order' });
  const add = async (name: string): Promise<void> => {
    await page.getByRole('combobox', { name: 'Add a provider to the order' }).click();
    await page.getByRole('option', { name }).click();
  };
  await add('Groq');
  await add('Anthropic');
  await page.getByRole('button', { name: 'Move Anthropic up' }).click();
  await page.getByRole('button', { name: 'Save the order' }).click();
  await expect(page.getByText('The fallback order is changed')).toBeVisible();
  await page.reload();
  await expect(order.getByRole('listitem')).toHaveText([/Anthropic/, /Groq/]);
  await page.getByRole('button', { name: 'Take Anthropic out' }).click();
  await page.getByRole('button', { name: 'Take Groq out' }).click();
  await page.getByRole('button', { name: 'Save the order' }).click();
  await expect(page.getByText('Nobody stands in: a run waits for its own provider.')).toBeVisible();
});

test('a key is tried without being stored, saved, replaced with an overlap, joined by another with a weight, and all are removed', async ({ page }) => {
  const [first, second, third] = ['sk-e2e-first-0123456789aaaa', 'sk-e2e-second-0123456789bbbb', 'sk-e2e-third-0123456789cccc'] as const;
  await page.goto('/providers');
  const card = page.locator('[data-provider="anthropic"]');
  const dialog = page.getByRole('dialog');
  const keys = card.getByRole('list', { name: 'Keys of Anthropic' });
  const line = (last4: string) => keys.getByRole('listitem').filter({ hasText: `•••• ${last4}` });

  await test.step('tried: a wrong one, then a right one; nothing is stored', async () => {
    await card.getByRole('button', { name: 'Add key' }).click();
    await dialog.getByLabel('API key').fill('bad-key-that-nobody-takes');
    await dialog.getByRole('button', { name: 'Test without saving' }).click();
    await expect(dialog.getByRole('status')).toContainText('The key does not work');
    await dialog.getByLabel('API key').fill(first);
    // What was said of the other key is not said of this one.
    await expect(dialog.getByRole('status')).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Test without saving' }).click();
    await expect(dialog.getByRole('status')).toContainText(/The key works.*Nothing was stored/);
    expect(((await (await page.request.get('/api/v1/settings')).json()) as { provider: string }[]).filter(({ provider }) => provider === 'anthropic')).toEqual([]);
  });
  await test.step('saved and tested', async () => {
    await dialog.getByRole('button', { name: 'Save and test' }).click();
    await expect(dialog).toBeHidden();
    await expect(card.getByText('Key works')).toBeVisible();
    await expect(card.getByText('•••• aaaa')).toBeVisible();
  });
  await test.step('replaced: the old one stays for runs from before', async () => {
    await card.getByRole('button', { name: 'Replace key' }).click();
    await dialog.getByLabel('API key').fill(second);
    await dialog.getByLabel('Runs that are under way keep the old key').selectOption('for an hour');
    await dialog.getByRole('button', { name: 'Save and test' }).click();
    await expect(dialog).toBeHidden();
    await expect(line('bbbb')).toContainText('in use');
    await expect(line('aaaa')).toContainText('runs from before use it until');
  });
  await test.step('a further one, with a weight that stays', async () => {
    await card.getByRole('button', { name: 'Further key' }).click();
    await dialog.getByLabel('API key').fill(third);
    await dialog.getByRole('button', { name: 'Add key' }).click();
    await expect(dialog).toBeHidden();
    await line('cccc').getByLabel('weight').selectOption('5');
    await expect.poll(async () => JSON.stringify(await (await page.request.get('/api/v1/settings/providers')).json())).toMatch(/"last4":"cccc"[^}]*"weight":5|"weight":5[^}]*"last4":"cccc"/);
    await page.reload();
    await expect(line('cccc').getByLabel('weight')).toHaveValue('5');
    const shown = await page.content();
    for (const key of [first, second, third]) expect(shown).not.toContain(key);
  });
  await test.step('removed: the further one, the replaced one, then all', async () => {
    await line('cccc').getByRole('button', { name: /^Remove/ }).click();
    await expect(line('cccc')).toHaveCount(0);
    await line('aaaa').getByRole('button', { name: /^Remove/ }).click();
    await expect(keys).toHaveCount(0);
    await card.getByRole('button', { name: 'Remove key of Anthropic' }).click();
    await dialog.getByRole('button', { name: 'Remove key' }).click();
    await expect(card.getByText('No key')).toBeVisible();
  });
});

test.describe('a model that is not built in', () => {
  test.beforeEach(async ({ page }) => {
    expect((await page.request.post('/api/v1/settings/secrets', { data: { provider: 'openai', api_key: 'sk-e2e-models-0123456789dddd' }, headers: { origin: process.env['E2E_WEB_URL'] ?? '' } })).status()).toBe(200);
  });
  test.afterEach(async ({ page }) => { await page.request.delete('/api/v1/settings/secrets/openai', { headers: { origin: process.env['E2E_WEB_URL'] ?? '' } }); });

  const openForm = async (page: Page): Promise<{ runner: RunnerPage; model: ReturnType<Page['getByRole']> }> => {
    const runner = new RunnerPage(page);
    await runner.open();
    await runner.goal.fill(GOAL);
    await page.getByLabel('Provider', { exact: true }).click();
    await page.getByRole('option', { name: /^OpenAI/ }).first().click();
    return { runner, model: page.getByRole('combobox', { name: 'Model', exact: true }) };
  };

  test('one that the test of the key brought is chosen by the keyboard, and a Validate starts with it', async ({ page }) => {
    const { runner, model } = await openForm(page);
    await expect(model).toHaveAccessibleDescription(/tokens of context/);
    await model.click();
    const list = page.getByRole('listbox');
    await expect(list.getByRole('group', { name: 'Built in' }).getByRole('option')).toHaveCount(2);
    await expect(list.getByRole('group', { name: 'Listed by OpenAI' }).getByRole('option', { name: /^deepseek-chat/ })).toContainText('price and limits unknown');
    // The rest of the page is out of reach while the list is open.
    expect(await seriousFaults(page, undefined, '[role=listbox]')).toEqual([]);
    await model.fill('70b');
    await expect(list.getByRole('option')).toHaveCount(1);
    await model.press('ArrowDown');
    await model.press('Enter');
    await expect(model).toHaveValue('llama-3.3-70b-versatile');
    await expect(model).toHaveAccessibleDescription('price and limits unknown');
    await expect(page.getByText('price unknown').first()).toBeVisible();
    expect(await seriousFaults(page)).toEqual([]);
    await runner.choose('Validate');
    await runner.launch();
    const run = new RunPage(page);
    await run.ended('completed');
    expect(await run.story()).toContain('llama-3.3-70b-versatile is ready');
  });

  test('one that is typed: what is no name is refused at its field, Enter in the list starts nothing, and a Test runs with it', async ({ page }) => {
    const { runner, model } = await openForm(page);
    await model.fill('two words');
    await expect(model).toHaveAttribute('aria-invalid', 'true');
    await expect(model).toHaveAccessibleDescription('The model has no white space in its name');
    await model.press('Escape');
    await expect(page.getByRole('listbox')).toHaveCount(0);
    await expect(model).toHaveValue('two words');
    await runner.start.click();
    const summary = page.getByRole('alert').filter({ hasText: 'One thing needs a change' });
    await summary.getByRole('button', { name: 'Model' }).click();
    await expect(model).toBeFocused();
    await model.fill('my-own-model:7b');
    await expect(page.getByText('It can be used all the same.')).toBeVisible();
    await model.press('Enter');
    await expect(page).toHaveURL(/\/workflows\//);
    await expect(model).toHaveAccessibleDescription('not in the list: price and limits unknown');
    await runner.launch();
    const run = new RunPage(page);
    await run.ended('completed');
    // A passed Validate is one line by now.
    await run.panel.getByText('with a remark: Provider answers').click();
    expect(await run.story()).toContain('does not list the model my-own-model:7b');
  });
});
