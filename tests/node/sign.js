// Reads {"token", "url", "params"} objects, one a line, and writes Twilio's signature of each.
const readline = require("node:readline");
const { getExpectedTwilioSignature } = require("twilio/lib/webhooks/webhooks");

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { token, url, params } = JSON.parse(line);
  console.log(getExpectedTwilioSignature(token, url, params));
});
