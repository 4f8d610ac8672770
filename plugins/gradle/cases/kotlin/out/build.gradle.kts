plugins {
    kotlin("jvm") version "1.2.0"
    `java-library`
}

/** Größe: [version] = "0.1.0" */
group = "com.example"
version = "2.0.0-rc.1" // of this build

val note = """
version = "0.2.0"
"""
val quote = '"'

publishing {
    publications.create<MavenPublication>("main") {
        version = "0.3.0"
    }
}
