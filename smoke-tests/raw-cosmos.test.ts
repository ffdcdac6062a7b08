import { expect, test } from "@jest/globals";
import { keyHeader, withChangedSignature } from "./raw-cosmos.ts";

test("signs as the example of Microsoft's documentation does", () => {
  // https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources, "Example encoding"
  const header = keyHeader(
    "dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw==",
    "GET",
    "dbs",
    "dbs/ToDoList",
    "Thu, 27 Apr 2017 00:51:12 GMT",
  );
  expect(decodeURIComponent(header)).toBe(
    "type=master&ver=1.0&sig=c09PEVJrgp2uQRkr934kFbTqhByc7TVr3OHyqlu+c+c=",
  );
});

test("changes one bit of the signature and nothing else", () => {
  const changed = withChangedSignature("e30.e30.AAEC");
  expect(changed).toBe("e30.e30.AQEC");
});
