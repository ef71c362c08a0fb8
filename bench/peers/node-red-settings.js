// Node-RED as the benchmark runs it: the flow, no editor, no talk.
module.exports = {
  flowFile: "flow.json",
  httpAdminRoot: false,
  httpNodeRoot: false,
  uiHost: "127.0.0.1",
  credentialSecret: false,
  logging: { console: { level: "error", metrics: false, audit: false } },
  telemetry: { enabled: false },
};
