group = "com.example"
version = "2.0.0"
