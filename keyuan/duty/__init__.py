"""The duty to attend one training and lecture once a term (听一课讲一课): who goes where, proposed and proven. Not here: posts and terms, attendance, timetables."""
