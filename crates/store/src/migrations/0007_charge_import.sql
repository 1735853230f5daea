-- Labels that Lightning Charge made on this node: ours since its database was imported.
CREATE TABLE charge_labels (
    label TEXT NOT NULL PRIMARY KEY
);
