group = "com.example"
version = "1.2.0"
