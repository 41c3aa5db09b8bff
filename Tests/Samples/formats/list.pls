[playlist]
File1=http://example.org/a.mp3
