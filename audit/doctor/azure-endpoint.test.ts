import { expect, test } from "@jest/globals";
import { isAzureEndpoint } from "./azure-endpoint.ts";

test.each([
  "https://shop.documents.azure.com/",
  "https://SHOP-westeurope.Documents.Azure.com:443/",
  "https://shop.sql.cosmos.azure.com/",
  "https://shop.sqlx.cosmos.azure.com/",
  "https://shop.documents.azure.cn/",
  "https://shop.documents.azure.us/",
  "https://localhost:8081/",
  "https://127.0.0.1:8081/",
  "https://[::1]:8081/",
])("%s is one of Azure's, or this machine", (endpoint) => {
  expect(isAzureEndpoint(endpoint)).toBe(true);
});

test.each([
  "https://shop.example.org/",
  "https://documents.azure.com.example.org/",
  "https://shopdocuments.azure.com/",
  "https://shop.documents.azure.com@example.org/",
  "https://shop.documents.azure.com./",
  "https://shop.azurewebsites.net/",
  "https://localhost.example.org/",
  "https://127.0.0.1.example.org/",
  "https://10.0.0.4/",
])("%s is not", (endpoint) => {
  expect(isAzureEndpoint(endpoint)).toBe(false);
});
