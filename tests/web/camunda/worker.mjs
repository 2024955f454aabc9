// A worker as its documentation shows it: completes one task, lets one fail, reports an error for one.
import { BasicAuthInterceptor, Client, Variables } from "camunda-external-task-client-js";

const [baseUrl, username, password] = process.argv.slice(2);
const interceptors = new BasicAuthInterceptor({ username, password });
const client = new Client({ baseUrl, interceptors, workerId: "js", asyncResponseTimeout: 3000, interval: 50 });
const say = (kind, told) => console.log(JSON.stringify({ kind, ...told }));

client.on("poll:error", (error) => say("poll:error", { message: error.message }));
client.on("complete:error", (task, error) => say("complete:error", { message: error.message }));
client.on("complete:success", (task) => say("completed", { id: task.id }));
client.on("handleFailure:success", (task) => say("failed", { id: task.id }));
client.on("handleBpmnError:success", (task) => say("refused", { id: task.id }));
client.on("extendLock:success", (task) => say("extended", { id: task.id }));
client.on("unlock:success", (task) => say("unlocked", { id: task.id }));

let unlocked = false;
client.subscribe("charge", async ({ task, taskService }) => {
  const seen = task.variables.getAll();
  say("task", { seen, key: task.businessKey, retries: task.retries ?? null });
  if (seen.what === "fail" && task.retries === null) {
    const failure = { errorMessage: "down", errorDetails: "line 3", retries: 2, retryTimeout: 10 };
    return taskService.handleFailure(task, failure);
  }
  if (seen.what === "refuse") {
    return taskService.handleBpmnError(task, "REFUSED", "no money");
  }
  if (seen.what === "extend" && !unlocked) {
    unlocked = true;
    await taskService.extendLock(task, 5000);
    return taskService.unlock(task);
  }
  const answer = new Variables();
  answer.setAll({ sum: seen.amount + 1, list: [1, { a: 2 }], word: "ok", yes: true });
  answer.setTyped("long", { type: "Long", value: 7, valueInfo: {} });
  return taskService.complete(task, answer);
});
