/** Calls of the functions that users give to verbs. */
import { showValue } from '../columns/showValue.ts';
import { isPromise } from './steps.ts';

/** What JavaScript, and this library, throw at a value that is not as expected, such as a column that is not there. */
const VALUE_ERRORS = [TypeError, RangeError, SyntaxError];

/** A user's function of a row and its index, or of a batch and the indices of its rows. */
export type Call = (input: object, at: number | readonly number[]) => unknown;

/**
 * Makes a function of a user's callable. An error of it that a value can be the reason of is thrown on as it is, but its
 * message says at which row, and which columns there are.
 *
 * @throws if it is no function
 */
export function caller(verb: 'map' | 'filter', given: unknown, withIndices = true): Call {
  if (typeof given !== 'function') throw new TypeError(`${verb} needs a function, not ${showValue(given)}.`);
  return (input, at) => {
    try {
      const result: unknown = withIndices ? given(input, at) : given(input);
      return isPromise(result) ? result.then(undefined, error => throwAt(error, verb, input, at)) : result;
    } catch (error) {
      return throwAt(error, verb, input, at);
    }
  };
}

function throwAt(error: unknown, verb: string, input: object, at: number | readonly number[]): never {
  if (VALUE_ERRORS.some(type => error instanceof type)) {
    const { message } = error as Error;
    const place = typeof at === 'number' ? `row ${at}` : `the batch at row ${at[0]}`;
    const columns = Object.keys(input).join(', ') || '(none)';
    // A message that cannot be changed stays as it is.
    Reflect.set(
      error as Error,
      'message',
      `${message.replace(/\.$/, '')}; ${verb} was at ${place}, whose columns are: ${columns}.`,
    );
  }
  throw error;
}
