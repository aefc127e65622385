/** Without letters and digits that are mistaken for each other when somebody reads them out. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Twenty letters in groups of five: over 110 bits, and still possible to pass on by telephone. */
export function madeUpPassword(): string {
  const letters: string[] = [];
  while (letters.length < 20) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    // A remainder would make some letters likelier than others.
    if (byte < 256 - (256 % LETTERS.length)) letters.push(LETTERS.charAt(byte % LETTERS.length));
  }
  return letters.join('').replace(/(.{5})(?=.)/g, '$1-');
}
