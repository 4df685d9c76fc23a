// The microphone: a voice note in one channel, how loud it is, and how long it has become.
import { toast } from "./api.js";
import { changed, set, state } from "./state.js";

// The server moves Opus from WebM, which Chromium records, into the Ogg that WhatsApp sends.
const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const ENDINGS = { "audio/ogg": "ogg", "audio/webm": "webm", "audio/mp4": "m4a" };
const TOO_SHORT = "Nothing was recorded yet; speak a little longer.";
const BITS = 24_000;
const LONGEST_MILLISECONDS = 15 * 60_000;
const EACH_MILLISECONDS = 100;

/** How many levels are kept of a recording: those of the last seconds. */
export const LEVELS = 80;

const type = () => globalThis.MediaRecorder && TYPES.find((one) => MediaRecorder.isTypeSupported(one));

/** Whether this browser can record what WhatsApp carries. */
export const canRecord = () => Boolean(navigator.mediaDevices && type());

let current = null;

/** Record for a contact until `finish` or `cancel`; `send` gets the file. */
export async function startRecording(contact, send) {
  if (state.ui.recording) return;
  const recording = { contact, levels: [], milliseconds: 0, locked: true, ready: false };
  set({ recording });
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    set({ recording: null });
    toast("No microphone here; attach an audio file instead.");
    return;
  }
  if (state.ui.recording !== recording) return hush(stream);
  current = listen(stream, recording, send);
  recording.ready = true;
  changed();
}

function listen(stream, recording, send) {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(stream);
  const mono = new MediaStreamAudioDestinationNode(context, { channelCount: 1, channelCountMode: "explicit" });
  const meter = new AnalyserNode(context, { fftSize: 4096 });
  source.connect(mono);
  source.connect(meter);
  const recorder = new MediaRecorder(mono.stream, { mimeType: type(), audioBitsPerSecond: BITS });
  const pieces = [];
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  const begun = performance.now();
  const timer = setInterval(() => measure(meter, recording, begun), EACH_MILLISECONDS);
  recorder.addEventListener("stop", () => {
    clearInterval(timer);
    hush(stream);
    context.close();
    if (recording.cancelled) return;
    const [kind] = type().split(";");
    if (!pieces.some((piece) => piece.size)) return toast(TOO_SHORT);
    send(new File(pieces, `voice.${ENDINGS[kind]}`, { type: kind }));
  });
  recorder.start();
  return recorder;
}

const hush = (stream) => stream.getTracks().forEach((track) => track.stop());

function measure(meter, recording, begun) {
  const wave = new Float32Array(meter.fftSize);
  meter.getFloatTimeDomainData(wave);
  const loud = wave.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  recording.levels = [...recording.levels, Math.min(1, loud)].slice(-LEVELS);
  recording.milliseconds = performance.now() - begun;
  if (recording.milliseconds > LONGEST_MILLISECONDS) finish();
  changed();
}

function end(cancelled) {
  const { recording } = state.ui;
  if (!recording) return;
  recording.cancelled = cancelled;
  set({ recording: null });
  if (current) current.stop();
  else if (!cancelled) toast(TOO_SHORT);
  current = null;
}

/** End the recording, and send it. */
export const finish = () => end(false);

/** End the recording, and throw it away. */
export const cancel = () => end(true);
