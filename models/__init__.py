"""The protocols that byzverify knows, one file each; in an installed byzverify they are `byzverify.models`."""
