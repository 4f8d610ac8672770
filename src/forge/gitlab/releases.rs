//! Releases, and the links that are their assets.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Gitlab;
use super::packages::file_of;
use crate::forge::error::{ForgeError, ForgeFault};
use crate::io::{Method, Payload, encode};
use crate::model::{ForgeRelease, NewRelease, ReleaseAsset, ReleaseEdit};

#[derive(Deserialize)]
struct ReleaseAnswer {
    tag_name: String,
    name: Option<String>,
    description: Option<String>,
    released_at: Option<String>,
    #[serde(default)]
    upcoming_release: bool,
    commit: Option<Commit>,
    assets: Option<Assets>,
    #[serde(rename = "_links")]
    links: Option<OwnLinks>,
}

#[derive(Deserialize)]
struct Commit {
    id: String,
}

#[derive(Deserialize)]
struct Assets {
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    id: u64,
    name: String,
    url: String,
    direct_asset_url: Option<String>,
}

#[derive(Deserialize)]
struct OwnLinks {
    #[serde(rename = "self")]
    own: Option<String>,
}

impl Gitlab {
    pub(in crate::forge) fn releases(&self, tag: &str) -> Result<Vec<ForgeRelease>, ForgeError> {
        let found = self.client.find::<ReleaseAnswer>(&self.path(&format!("/releases/{}", encode(tag))))?;
        found.into_iter().map(|release| self.with_files(release)).collect()
    }

    /// The one that was released last, up to now.
    pub(in crate::forge) fn latest_release(&self) -> Result<Option<ForgeRelease>, ForgeError> {
        let path = self.path("/releases?order_by=released_at&sort=desc&per_page=20");
        let newest: Vec<ReleaseAnswer> = self.client.get(&path)?;
        Ok(newest.into_iter().find(|release| !release.upcoming_release).map(ReleaseAnswer::read))
    }

    /// `ref` is never sent: GitLab would make the tag where it does not exist.
    pub(in crate::forge) fn create_release(&self, new: &NewRelease) -> Result<ForgeRelease, ForgeError> {
        let mut body = Map::new();
        for (key, text) in [("tag_name", &new.tag), ("name", &new.name), ("description", &new.body)] {
            body.insert(key.to_owned(), Value::from(text.as_str()));
        }
        body.extend(new.released_at.as_ref().map(|time| ("released_at".to_owned(), json!(time))));
        if !new.milestones.is_empty() {
            body.insert("milestones".to_owned(), json!(new.milestones));
        }
        Ok(self.client.send::<ReleaseAnswer>(Method::Post, &self.path("/releases"), &body)?.read())
    }

    /// Drafts, prereleases and a latest one do not exist here, so that there may be nothing to do.
    pub(in crate::forge) fn update_release(
        &self,
        release: &ForgeRelease,
        edit: &ReleaseEdit,
    ) -> Result<ForgeRelease, ForgeError> {
        let mut body = Map::new();
        let texts = [("name", &edit.name), ("description", &edit.body), ("released_at", &edit.released_at)];
        body.extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), json!(text.as_ref()?)))));
        body.extend(edit.milestones.as_ref().map(|titles| ("milestones".to_owned(), json!(titles))));
        if body.is_empty() {
            return Ok(release.clone());
        }
        let path = self.path(&format!("/releases/{}", encode(&release.tag)));
        let answer = self.client.send::<ReleaseAnswer>(Method::Put, &path, &body)?;
        Ok(ForgeRelease { assets: release.assets.clone(), ..answer.read() })
    }

    /// The file becomes a generic package, and the release links to it. What a broken upload left is used.
    pub(in crate::forge) fn upload_asset(
        &self,
        release: &ForgeRelease,
        name: &str,
        payload: Payload<'_>,
        content_type: &str,
    ) -> Result<ReleaseAsset, ForgeError> {
        let sha256 = payload.sha256();
        let there = self.package_files(&release.tag)?.into_iter().rfind(|file| file.name == file_of(name));
        match &there {
            Some(file) if file.sha256.as_ref() == Some(&sha256) => {}
            // Another one would be added beside it, and which of them is downloaded is not certain.
            Some(file) => {
                let what = format!("the package has another {}", file.name);
                return Err(self.client.error(
                    Method::Put,
                    &self.package_address(&release.tag, name),
                    ForgeFault::Taken(what),
                ));
            }
            None => self.upload_file(&release.tag, name, payload, content_type)?,
        }
        let body = json!({
            "name": name,
            "url": self.package_address(&release.tag, name),
            "direct_asset_path": format!("/{}", file_of(name)),
            "link_type": "package",
        });
        let path = self.path(&format!("/releases/{}/assets/links", encode(&release.tag)));
        let link: Link = self.client.send(Method::Post, &path, &body)?;
        Ok(ReleaseAsset { sha256: Some(sha256), ..link.read() })
    }

    /// The link is removed; the file stays in its package.
    pub(in crate::forge) fn delete_asset(
        &self,
        release: &ForgeRelease,
        asset: &ReleaseAsset,
    ) -> Result<(), ForgeError> {
        let tag = encode(&release.tag);
        self.client.delete(&self.path(&format!("/releases/{tag}/assets/links/{}", asset.id)))
    }

    /// Adds what is known of the files that the links of a release lead to.
    fn with_files(&self, answer: ReleaseAnswer) -> Result<ForgeRelease, ForgeError> {
        let leads_to = |link: &&Link| link.url == self.package_address(&answer.tag_name, &link.name);
        let links = answer.assets.as_ref().map_or(&[][..], |assets| &assets.links);
        let packaged: Vec<u64> = links.iter().filter(leads_to).map(|link| link.id).collect();
        let mut release = answer.read();
        if packaged.is_empty() {
            return Ok(release);
        }
        let files = self.package_files(&release.tag)?;
        for asset in release.assets.iter_mut().filter(|asset| packaged.contains(&asset.id)) {
            let file = files.iter().rfind(|file| file.name == file_of(&asset.name));
            asset.size = file.map_or(0, |file| file.size);
            asset.sha256 = file.and_then(|file| file.sha256.clone());
            // A link to a file that is gone is to be made again.
            asset.is_complete = file.is_some();
        }
        Ok(release)
    }
}

impl ReleaseAnswer {
    fn read(self) -> ForgeRelease {
        let links = self.assets.map_or(Vec::new(), |assets| assets.links);
        ForgeRelease {
            id: self.tag_name.clone(),
            name: self.name.unwrap_or_else(|| self.tag_name.clone()),
            tag: self.tag_name,
            body: self.description.unwrap_or_default(),
            is_draft: false,
            is_prerelease: false,
            is_immutable: false,
            url: self.links.and_then(|links| links.own).unwrap_or_default(),
            upload_url: None,
            commit: self.commit.map(|commit| commit.id),
            released_at: self.released_at,
            assets: links.into_iter().map(Link::read).collect(),
        }
    }
}

impl Link {
    fn read(self) -> ReleaseAsset {
        let url = self.direct_asset_url.unwrap_or(self.url);
        ReleaseAsset { id: self.id, name: self.name, size: 0, sha256: None, is_complete: true, url }
    }
}
