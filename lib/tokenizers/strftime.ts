/** Dates as C's strftime writes them in English, which chat templates are written against. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const two = (number: number) => String(number).padStart(2, '0');

const DIRECTIVES: Readonly<Record<string, (date: Date) => string>> = {
  Y: date => String(date.getFullYear()),
  y: date => two(date.getFullYear() % 100),
  m: date => two(date.getMonth() + 1),
  B: date => MONTHS[date.getMonth()] as string,
  b: date => (MONTHS[date.getMonth()] as string).slice(0, 3),
  d: date => two(date.getDate()),
  A: date => DAYS[date.getDay()] as string,
  a: date => (DAYS[date.getDay()] as string).slice(0, 3),
  H: date => two(date.getHours()),
  I: date => two(date.getHours() % 12 || 12),
  M: date => two(date.getMinutes()),
  S: date => two(date.getSeconds()),
  p: date => (date.getHours() < 12 ? 'AM' : 'PM'),
  '%': () => '%',
};

/** @throws on a directive that is not among the usual ones */
export function strftime(date: Date, format: string): string {
  return format.replaceAll(/%(.?)/gsu, (directive, letter: string) => {
    const write = DIRECTIVES[letter];
    if (write) return write(date);
    throw new RangeError(
      `the date format ${JSON.stringify(format)} has ${directive}, of which this library knows nothing`,
    );
  });
}
