/** Lets the notebook run where a library that a cell shows is not installed. */

/**
 * The result of an action; where the library that it needs is not installed, prints how to get it and returns nothing.
 *
 * @throws whatever else goes wrong
 */
export async function ifInstalled<T>(action: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_NOT_INSTALLED') throw error;
    console.log((error as Error).message);
    return undefined;
  }
}
