//! The description of the API: whole, valid, and the same as what is served.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::Value;

use super::desk::Atlas;

#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_valid_and_lists_every_route() {
    let atlas = Atlas::new();
    let reply = atlas.get("/api/openapi.json").await;
    let description = reply.json();
    assert_eq!(description["openapi"], "3.1.0");
    assert_eq!(description["info"]["version"], env!("CARGO_PKG_VERSION"));
    let mut operations = BTreeSet::new();
    let mut names = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.insert(format!("{} {path}", method.to_uppercase()));
            assert!(
                operation["summary"].as_str().is_some_and(|text| text.len() > 8),
                "{method} {path} has no summary"
            );
            assert!(
                operation["tags"].as_array().is_some_and(|tags| tags.len() == 1),
                "{method} {path} has no tag"
            );
            let id = operation["operationId"].as_str().unwrap();
            assert!(names.insert(id.to_owned()), "{id} is there twice");
            let responses = operation["responses"].as_object().unwrap();
            assert!(
                responses.keys().any(|status| status.starts_with('2')),
                "{method} {path} never succeeds"
            );
            for (status, response) in responses {
                assert!(
                    response["description"].is_string(),
                    "{method} {path} does not say what {status} means"
                );
                let problem = &response["content"]["application/problem+json"];
                assert!(status.starts_with('2') || problem["schema"]["$ref"] == "#/components/schemas/Problem");
            }
            let parts = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
            for part in parts {
                let mut parameters = operation["parameters"].as_array().into_iter().flatten();
                assert!(
                    parameters.any(|one| one["name"] == part && one["in"] == "path" && one["required"] == true),
                    "{method} {path} does not say what {part} is"
                );
            }
        }
    }
    insta::assert_snapshot!(operations.iter().cloned().collect::<Vec<_>>().join("\n"));
    let mut references = Vec::new();
    collect(&description, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a reference within the description");
        assert!(description.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                references.push(reference.to_owned());
            }
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}

/// The pages to browse it come from the program, and load nothing from elsewhere.
#[tokio::test(flavor = "multi_thread")]
async fn the_description_can_be_browsed_offline() {
    let atlas = Atlas::new();
    let page = atlas.get("/api/docs/").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(
        text.contains("swagger-ui") && !text.contains("http://") && !text.contains("https://"),
        "{text}"
    );
    assert!(
        !text.contains("<script>"),
        "a script of the page's own text would not run"
    );
    for file in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-initializer.js"] {
        let reply = atlas.get(&format!("/api/docs/{file}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{file}");
    }
    let start = atlas.get("/api/docs/swagger-initializer.js").await.text();
    assert!(start.contains("/api/openapi.json"), "{start}");
}
