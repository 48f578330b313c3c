"use strict";

// Everything is written with textContent: nothing in the document or in an answer is HTML.
const el = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter((child) => child != null));
  return node;
};

const resolve = (doc, schema) => {
  if (!schema) return {};
  if (schema.$ref) return resolve(doc, schema.$ref.slice(2).split("/").reduce((at, key) => at[key], doc));
  if (schema.allOf?.length === 1) return { ...resolve(doc, schema.allOf[0]), ...schema, allOf: undefined };
  const some = schema.anyOf?.filter((option) => option.type !== "null");
  if (some?.length === 1) return { ...resolve(doc, some[0]), ...schema, anyOf: undefined };
  return schema;
};

const kindOf = (doc, given) => {
  const schema = resolve(doc, given);
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf) return schema.anyOf.map((option) => kindOf(doc, option)).join(" | ");
  if (schema.type === "array") return `list of ${kindOf(doc, schema.items)}`;
  return schema.format || schema.title && schema.properties && schema.title || schema.type || "anything";
};

const limitsOf = (schema) =>
  [
    schema.minimum !== undefined && `from ${schema.minimum}`,
    schema.maximum !== undefined && `to ${schema.maximum}`,
    schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
    schema.maxItems !== undefined && `at most ${schema.maxItems}`,
    schema.default !== undefined && schema.default !== null && `default ${JSON.stringify(schema.default)}`,
  ].filter(Boolean).join(", ");

const example = (doc, given, depth = 0) => {
  const schema = resolve(doc, given);
  if (schema.examples?.length) return schema.examples[0];
  if (schema.default !== undefined && schema.default !== null) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf) return example(doc, schema.anyOf[0], depth);
  if (schema.properties && depth < 5) {
    const chosen = Object.entries(schema.properties).filter(
      ([name, part]) => schema.required?.includes(name) || resolve(doc, part).examples?.length,
    );
    return Object.fromEntries(chosen.map(([name, part]) => [name, example(doc, part, depth + 1)]));
  }
  if (schema.type === "array") return schema.items && depth < 5 ? [example(doc, schema.items, depth + 1)] : [];
  return { string: "…", integer: 0, number: 0, boolean: false, object: {} }[schema.type] ?? null;
};

const fieldTable = (doc, rows) => {
  const body = el("tbody");
  for (const { name, schema, required, description } of rows) {
    const flat = resolve(doc, schema);
    body.append(el("tr", {},
      el("td", {}, el("code", { textContent: name }), required ? " *" : ""),
      el("td", { textContent: kindOf(doc, schema) }),
      el("td", { textContent: [description || flat.description, limitsOf(flat)].filter(Boolean).join("; ") })));
  }
  const head = el("tr", {}, ...["field (* required)", "type", "meaning"].map((text) => el("th", { textContent: text })));
  return el("table", {}, el("thead", {}, head), body);
};

const fieldsOf = (doc, schema, prefix = "", depth = 0) =>
  Object.entries(schema.properties || {}).flatMap(([name, part]) => {
    const flat = resolve(doc, part);
    const items = flat.type === "array" ? resolve(doc, flat.items) : null;
    const inner = items || flat;
    const path = `${prefix}${name}${items ? "[]" : ""}`;
    const row = {
      name: `${prefix}${name}`, schema: part, required: schema.required?.includes(name), description: part.description,
    };
    return [row, ...(inner.properties && depth < 2 ? fieldsOf(doc, inner, `${path}.`, depth + 1) : [])];
  });

const tryIt = (doc, path, method, operation, bodySchema) => {
  const inputs = (operation.parameters || []).map((parameter) => {
    const field = el("input", { id: `${operation.operationId}-${parameter.name}`, placeholder: parameter.name });
    if (parameter.required) field.value = resolve(doc, parameter.schema).examples?.[0] ?? "";
    return { parameter, field };
  });
  const body = bodySchema && el("textarea", { spellcheck: false, ariaLabel: "Body" });
  if (body) body.value = JSON.stringify(example(doc, bodySchema), null, 2);
  const output = el("pre", { hidden: true });
  const button = el("button", { type: "button", textContent: "Send" });
  button.addEventListener("click", async () => {
    let address = path;
    const query = new URLSearchParams();
    for (const { parameter, field } of inputs) {
      if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(field.value));
      else if (field.value !== "") query.append(parameter.name, field.value);
    }
    const headers = { "Accept-Language": navigator.language };
    const token = document.getElementById("token").value.trim();
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    button.disabled = true;
    output.hidden = false;
    output.textContent = "…";
    try {
      const answer = await fetch(address + (query.size ? `?${query}` : ""), {
        method: method.toUpperCase(), headers, body: body ? body.value : undefined,
      });
      const text = await answer.text();
      let shown = text;
      if ((answer.headers.get("content-type") || "").startsWith("application/json")) {
        shown = JSON.stringify(JSON.parse(text), null, 2);
      }
      output.textContent = `${answer.status}\n${shown}`;
    } catch (error) {
      output.textContent = String(error);
    } finally {
      button.disabled = false;
    }
  });
  const fields = inputs.flatMap(({ parameter, field }) =>
    [el("label", { htmlFor: field.id, textContent: parameter.name }), field]);
  return el("div", {}, el("h3", { textContent: "Try it" }), ...fields, body, button, output);
};

const operationOf = (doc, path, method, operation) => {
  const bodySchema = operation.requestBody?.content?.["application/json"]?.schema;
  const answerSchema = operation.responses?.["200"]?.content?.["application/json"]?.schema;
  const inside = el("div", { className: "inside" });
  const details = el("details", { className: "operation", id: operation.operationId },
    el("summary", {},
      el("span", { className: "method", textContent: method.toUpperCase() }),
      el("span", { className: "path", textContent: path }),
      el("span", { className: "quiet", textContent: operation.summary || "" })),
    inside);
  details.addEventListener("toggle", () => {
    if (!details.open || inside.childNodes.length) return;
    inside.append(el("p", { textContent: operation.description || "" }));
    if (operation.parameters?.length) {
      inside.append(el("h3", { textContent: "Parameters" }), fieldTable(doc, operation.parameters));
    }
    if (bodySchema) {
      inside.append(el("h3", { textContent: "Body" }), fieldTable(doc, fieldsOf(doc, resolve(doc, bodySchema))));
    }
    if (answerSchema) {
      const answer = resolve(doc, answerSchema);
      inside.append(el("h3", { textContent: "Answer" }), fieldTable(doc, fieldsOf(doc, answer)));
    }
    inside.append(tryIt(doc, path, method, operation, bodySchema));
  });
  return details;
};

const show = (doc) => {
  document.getElementById("title").textContent = `${doc.info.title} ${doc.info.version}`;
  const about = document.getElementById("about");
  for (const paragraph of doc.info.description.trim().split(/\n\s*\n/)) {
    about.append(el("p", { textContent: paragraph.replace(/[*`]/g, "").replace(/\s+/g, " ") }));
  }
  const main = document.getElementById("operations");
  main.replaceChildren();
  main.removeAttribute("aria-busy");
  for (const tag of doc.tags) {
    main.append(el("h2", { textContent: tag.name }), el("p", { className: "quiet", textContent: tag.description }));
    for (const [path, methods] of Object.entries(doc.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (operation.tags?.includes(tag.name)) main.append(operationOf(doc, path, method, operation));
      }
    }
  }
  document.getElementById("filter").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const node of main.querySelectorAll("details.operation")) {
      node.hidden = !node.querySelector("summary").textContent.toLowerCase().includes(wanted);
    }
  });
};

fetch("/api/openapi.json").then((answer) => answer.json()).then(show).catch(() => {
  document.getElementById("operations").textContent = "/api/openapi.json can't be read.";
});
