"""Trains a small classifier, and writes it as ONNX: what the tutorial begins with.

Made with scikit-learn 1.5.2, skl2onnx 1.20.0 and onnx 1.23.2, on synthetic data. The tutorial's test does not run it:
it begins with the model that it wrote.
"""

from pathlib import Path

from skl2onnx import to_onnx
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split

features, truth = make_classification(n_samples=12_000, n_features=4, n_informative=4, n_redundant=0, random_state=7)
train, test, train_truth, test_truth = train_test_split(features.astype("float32"), truth, random_state=7)
model = LogisticRegression().fit(train, train_truth)
Path("churn.onnx").write_bytes(to_onnx(model, train[:1]).SerializeToString())
print(classification_report(test_truth, model.predict(test), digits=3))
