/** What a password has to be. Length is what counts (ASVS 5 §6.2); no rule asks for signs or digits, nothing is cut off. */
export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 256;

/** The passwords of twelve and more characters that lists of leaked ones have at the top; shorter ones are refused anyway. */
const COMMON = new Set((
  '123456789012 1234567890123 12345678901234 123456789123 123123123123 111111111111 000000000000 112233445566 123456123456 987654321012 1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx3edc4rfv q1w2e3r4t5y6 '
  + 'qwertyuiop12 qwertyuiop123 qwertyuiop[] qwerty123456 qwertyqwerty qwerty12345678 asdfghjkl123 asdfghjklqwe zxcvbnm12345 1234qwerasdf qazwsxedcrfv qazwsxedc123 passwordpassword password1234 password12345 password123456 '
  + 'passw0rd1234 p@ssw0rd1234 mypassword123 newpassword1 changeme1234 changemechangeme letmeinletmein letmein12345 administrator admin1234567 adminadminadmin welcome12345 welcome123456 iloveyou1234 iloveyouiloveyou '
  + 'abcdefghijkl abcdefghijklmnop abcd12345678 abc123abc123 a1b2c3d4e5f6 aaaaaaaaaaaa unbelievable basketball12 manchesterunited liverpoolfc1 chocolate123 princess1234 sunshine1234 football1234 superman1234 '
  + 'correcthorsebatterystaple trustno1trustno1 startrek1234 monkey123456 dragon123456 michael12345 computer1234 internet1234 samsung12345 september2024 september2025 summer202425 winter202425 spring202425'
).split(' '));

/** What this product and its people are called: as little a secret as their own names. */
const CONTEXT = ['agentic', 'workflow', 'platform', 'temporal', 'administrator', 'researcher', 'student'];

/** @param about  what the person is known by (name, e-mail): a password made of it is the first that is tried
 * @returns why it is refused, as a sentence part; null = accepted */
export function passwordProblem(password: string, about: readonly string[] = []): string | null {
  const length = Array.from(password).length;
  if (length < PASSWORD_MIN) return `must have at least ${PASSWORD_MIN} characters`;
  if (length > PASSWORD_MAX) return `must have at most ${PASSWORD_MAX} characters`;
  const plain = password.toLowerCase();
  if (COMMON.has(plain) || new Set(plain).size < 5) return 'is one of the first that an attacker tries';
  const parts = [...about, ...CONTEXT].flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((part) => part.length >= 4);
  const rest = parts.reduce((left, part) => left.replaceAll(part, ''), plain);
  return rest.length < plain.length && Array.from(rest).length < 8 ? 'is made of your name, your e-mail address or the words of this product' : null;
}
