import { expect, test } from '@playwright/test';

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
