// Times as people read them, in the browser's own language and zone.
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export const clock = (iso) => CLOCK.format(new Date(iso));

export function day(iso) {
  const then = new Date(iso);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 864e5);
  return days === 0 ? "Today" : days === 1 ? "Yesterday" : DAY.format(then);
}

/** Milliseconds as "+12 ms" or "+1.2 s". */
export function offset(milliseconds) {
  return milliseconds < 1000 ? `+${Math.max(0, Math.round(milliseconds))} ms` : `+${(milliseconds / 1000).toFixed(1)} s`;
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

/** Seconds as "1:05". */
export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** What kind of file it is, in at most four letters. */
export function ending({ name, type }) {
  const named = /\.(\w{1,4})$/.exec(name)?.[1];
  return (named ?? type.split(/[/.]/).at(-1).slice(0, 4)).toUpperCase();
}
