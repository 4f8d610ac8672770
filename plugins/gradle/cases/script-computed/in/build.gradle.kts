val major = 1
version = "$major.2.0"
