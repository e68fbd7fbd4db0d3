"""The ledger of study hours (学时台账) and certificates (证书). It has never heard of what earned them."""
