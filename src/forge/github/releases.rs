//! Releases and their assets.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Github;
use crate::forge::error::{ForgeError, ForgeFault};
use crate::io::{Method, Payload, encode};
use crate::model::{ForgeRelease, NewRelease, ReleaseAsset, ReleaseEdit};

#[derive(Deserialize)]
struct ReleaseAnswer {
    id: u64,
    tag_name: String,
    target_commitish: Option<String>,
    name: Option<String>,
    body: Option<String>,
    draft: bool,
    prerelease: bool,
    #[serde(default)]
    immutable: Option<bool>,
    html_url: String,
    upload_url: Option<String>,
    published_at: Option<String>,
    #[serde(default)]
    assets: Vec<AssetAnswer>,
}

#[derive(Deserialize)]
struct AssetAnswer {
    id: u64,
    name: String,
    size: u64,
    state: String,
    digest: Option<String>,
    browser_download_url: String,
}

impl Github {
    /// A draft is found by listing only; a published release would be found by its tag as well, in one more request.
    pub(in crate::forge) fn releases(&self, tag: &str) -> Result<Vec<ForgeRelease>, ForgeError> {
        let all = self.client.list::<ReleaseAnswer>(&self.path("/releases"))?;
        Ok(all.into_iter().filter(|release| release.tag_name == tag).map(ReleaseAnswer::read).collect())
    }

    pub(in crate::forge) fn latest_release(&self) -> Result<Option<ForgeRelease>, ForgeError> {
        Ok(self.client.find::<ReleaseAnswer>(&self.path("/releases/latest"))?.map(ReleaseAnswer::read))
    }

    pub(in crate::forge) fn create_release(&self, new: &NewRelease) -> Result<ForgeRelease, ForgeError> {
        let latest = match new.latest {
            // Neither a draft nor a prerelease can be the latest.
            _ if new.draft || new.prerelease => "false",
            Some(true) => "true",
            Some(false) => "false",
            None => "legacy",
        };
        let body = json!({
            "tag_name": new.tag,
            "name": new.name,
            "body": new.body,
            "draft": new.draft,
            "prerelease": new.prerelease,
            "make_latest": latest,
        });
        Ok(self.client.send::<ReleaseAnswer>(Method::Post, &self.path("/releases"), &body)?.read())
    }

    /// The tag is never sent: it would be changed.
    pub(in crate::forge) fn update_release(
        &self,
        release: &ForgeRelease,
        edit: &ReleaseEdit,
    ) -> Result<ForgeRelease, ForgeError> {
        let mut body = Map::new();
        let texts = [("name", &edit.name), ("body", &edit.body)];
        body.extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), json!(text.as_ref()?)))));
        let marks = [("draft", edit.draft), ("prerelease", edit.prerelease)];
        body.extend(marks.into_iter().filter_map(|(key, mark)| Some((key.to_owned(), Value::Bool(mark?)))));
        // Without it any published release would become the latest.
        let latest = if edit.latest == Some(true) { "true" } else { "false" };
        body.insert("make_latest".to_owned(), Value::from(latest));
        let path = self.path(&format!("/releases/{}", encode(&release.id)));
        Ok(self.client.send::<ReleaseAnswer>(Method::Patch, &path, &body)?.read())
    }

    pub(in crate::forge) fn upload_asset(
        &self,
        release: &ForgeRelease,
        name: &str,
        payload: Payload<'_>,
        content_type: &str,
    ) -> Result<ReleaseAsset, ForgeError> {
        let url = self.upload_address(release)?;
        let url = format!("{url}?name={}", encode(name));
        Ok(self.client.upload::<AssetAnswer>(Method::Post, &url, payload, content_type)?.read())
    }

    pub(in crate::forge) fn delete_asset(&self, asset: &ReleaseAsset) -> Result<(), ForgeError> {
        self.client.delete(&self.path(&format!("/releases/assets/{}", asset.id)))
    }

    /// Files go to another host, and the token with them: the one that belongs to the API, whatever the answer says.
    fn upload_address(&self, release: &ForgeRelease) -> Result<String, ForgeError> {
        let rest = self.path(&format!("/releases/{}/assets", encode(&release.id)));
        let api = &self.client.api;
        if let Some(base) = uploads_of(api) {
            return Ok(format!("{base}{rest}"));
        }
        let named = release.upload_url.as_deref().and_then(|url| url.split('{').next());
        match named {
            None => Ok(format!("{api}{rest}")),
            Some(url) if origin(url) == origin(api) => Ok(url.to_owned()),
            Some(url) => {
                let fault = ForgeFault::Redirected(origin(url).to_owned());
                Err(self.client.error(Method::Post, &format!("{api}{rest}"), fault))
            }
        }
    }
}

/// Returns where the files of a known API go.
fn uploads_of(api: &str) -> Option<String> {
    match api.strip_prefix("https://") {
        Some("api.github.com") => Some("https://uploads.github.com".to_owned()),
        Some(host) if host.starts_with("api.") && host.ends_with(".ghe.com") => {
            Some(format!("https://uploads.{}", host.trim_start_matches("api.")))
        }
        _ => api.strip_suffix("/api/v3").map(|host| format!("{host}/api/uploads")),
    }
}

fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(start..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| start + at);
    url.get(..end).unwrap_or(url)
}

impl ReleaseAnswer {
    fn read(self) -> ForgeRelease {
        let is_commit = |text: &String| text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        ForgeRelease {
            id: self.id.to_string(),
            tag: self.tag_name,
            name: self.name.unwrap_or_default(),
            body: self.body.unwrap_or_default(),
            is_draft: self.draft,
            is_prerelease: self.prerelease,
            is_immutable: self.immutable.unwrap_or(false),
            url: self.html_url,
            upload_url: self.upload_url,
            commit: self.target_commitish.filter(is_commit),
            released_at: self.published_at,
            assets: self.assets.into_iter().map(AssetAnswer::read).collect(),
        }
    }
}

impl AssetAnswer {
    fn read(self) -> ReleaseAsset {
        let sha256 = self.digest.as_deref().and_then(|digest| digest.strip_prefix("sha256:"));
        ReleaseAsset {
            id: self.id,
            name: self.name,
            size: self.size,
            sha256: sha256.map(str::to_ascii_lowercase),
            // `starter` is what is left of an upload that broke off; the documentation of the schema does not have it.
            is_complete: self.state == "uploaded",
            url: self.browser_download_url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::uploads_of;

    #[test]
    fn files_go_to_the_host_that_belongs_to_the_api() {
        let table = [
            ("https://api.github.com", Some("https://uploads.github.com")),
            ("https://api.acme.ghe.com", Some("https://uploads.acme.ghe.com")),
            ("https://ghe.corp.com/api/v3", Some("https://ghe.corp.com/api/uploads")),
            ("http://localhost:4000", None),
        ];
        for (api, expected) in table {
            assert_eq!(uploads_of(api).as_deref(), expected, "{api}");
        }
    }
}
