// Voice notes, recorded in a form that WhatsApp carries.
import { toast } from "./api.js";
import { set } from "./state.js";

const TYPES = ["audio/ogg;codecs=opus", "audio/mp4"];

const type = () => globalThis.MediaRecorder && TYPES.find((one) => MediaRecorder.isTypeSupported(one));

/** Whether this browser can record what WhatsApp carries. */
export const canRecord = () => Boolean(navigator.mediaDevices && type());

let recorder = null;

export async function startRecording(send) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    toast("No microphone here; attach an audio file instead.");
    return;
  }
  const pieces = [];
  recorder = new MediaRecorder(stream, { mimeType: type() });
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  recorder.addEventListener("stop", () => {
    stream.getTracks().forEach((track) => track.stop());
    const [kind] = type().split(";");
    const name = kind === "audio/ogg" ? "voice.ogg" : "voice.m4a";
    set({ recording: null });
    if (!pieces.some((piece) => piece.size)) {
      toast("Nothing was recorded yet; speak a little longer.");
      return;
    }
    send(new File(pieces, name, { type: kind }));
  });
  recorder.addEventListener("start", () => set({ recording: true }));
  recorder.start();
}

export const stopRecording = () => recorder?.stop();
