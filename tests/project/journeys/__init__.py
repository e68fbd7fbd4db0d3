"""The numbered parts of class work walked by hand in a browser, at both screen sizes."""
